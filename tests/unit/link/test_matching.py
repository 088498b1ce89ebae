"""What is proposed for entries, on the real data: names, places, sites, identifiers, categories, translations; and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.labelled_names import Labelled, labelled_names
from benchmarks.linking import labelled_entries, quality
from ptce_lod.errors import MappingError, SourceUnavailable
from ptce_lod.link.entries import Entry, Found, Proposal
from ptce_lod.link.matching import Matcher
from ptce_lod.link.reasons import is_sure
from ptce_lod.link.tables import read_table
from ptce_lod.link.work import match_all
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings


@pytest.fixture(scope="module")
def matcher(published: Settings, backend: EmbeddedBackend) -> Matcher:
    return Matcher(backend, published.addresses)


def first(matcher: Matcher, name: str, **facts: str) -> Proposal:
    return matcher.proposals(Entry("1", name, facts={fact: (text,) for fact, text in facts.items()}))[0]


def test_a_name_and_a_place_are_two_facts(matcher: Matcher) -> None:
    found = first(matcher, "PTCE LES IMAGINATIONS FERTILES", place="toulouse")
    assert (found.thing, found.match) == ("pole/imaginations-fertiles", True)
    assert "place" in found.reasons
    assert is_sure(found.reasons)


def test_another_place_speaks_against(matcher: Matcher) -> None:
    here, there = (first(matcher, "Pôle Tetris", place=place) for place in ("Grasse", "Lille"))
    assert here.score > there.score
    assert "not place" in there.reasons
    assert not there.match


def test_a_place_that_nobody_has_tells_nothing(matcher: Matcher) -> None:
    plain = first(matcher, "Coopaname")
    placed = first(matcher, "Coopaname", place="Un lieu que nous ne connaissons pas")
    assert (placed.score, placed.match, placed.reasons) == (plain.score, plain.match, plain.reasons)


def test_a_place_may_be_a_department_or_a_region(matcher: Matcher) -> None:
    for place, word in (("Alpes-Maritimes", "department"), ("Provence-Alpes-Côte d'Azur", "region")):
        assert word in first(matcher, "Pôle Tetris", place=place).reasons


def test_a_page_of_a_wiki_that_both_have_is_a_fact_whatever_the_name(matcher: Matcher) -> None:
    seed = "https://solecov1.socioeco.org/wiki/fr/Pôle_territorial_de_coopération_économique"
    found = first(matcher, "Territorial cluster", page=seed)
    assert found.thing == "concept/grouping-type/ptce"
    assert "page" in found.reasons
    assert found.match
    assert is_sure(found.reasons)
    unknown = first(matcher, "Coopaname", page="https://wiki.example/wiki/Coopaname")
    assert "page" not in unknown.reasons
    assert first(matcher, "Coopaname", page="ftp://x").thing == unknown.thing


def test_a_site_is_found_as_people_write_it(matcher: Matcher) -> None:
    for site in ("https://www.archer.fr/", "archer.fr"):
        found = first(matcher, "Groupe Archer", website=site)
        assert found.thing == "actor/groupe-archer"
        assert "website" in found.reasons


def test_the_site_of_somebody_with_another_name_is_no_match(matcher: Matcher) -> None:
    found = first(matcher, "Boulangerie Martin", website="https://www.archer.fr")
    assert (found.match, found.score) == (False, 75.0)
    assert not is_sure(found.reasons)


def test_a_siren_tells_alone(matcher: Matcher, backend: EmbeddedBackend) -> None:
    actors = backend.things("actor", limit=1000)[1]
    known = {str(v): thing for thing in actors for v in backend.property_values(thing, "siren")}
    siren, thing = min(known.items())
    found = first(matcher, "Nom tout autre", identifier=f"{siren[:3]} {siren[3:6]} {siren[6:]}")
    assert (found.thing, found.match) == (f"actor/{thing.slug}", True)
    assert found.reasons[0] == "identifier"


def test_our_own_identifier_tells_alone(matcher: Matcher) -> None:
    assert first(matcher, "Nom tout autre", identifier="pole/tetris").thing == "pole/tetris"


def test_a_category_speaks_for_and_never_against(matcher: Matcher) -> None:
    plain = first(matcher, "Pôle Tetris")
    assert first(matcher, "Pôle Tetris", category="Boulangeries").score == plain.score
    found = first(matcher, "Archer", category="concept/sector/energy")
    assert found.score >= first(matcher, "Archer").score


def test_a_page_whose_translation_is_known_is_proposed_with_that_thing(matcher: Matcher) -> None:
    entry = Entry("en:1", "Something else entirely", "page", linked=("pole/tetris",))
    found = matcher.proposals(entry)[0]
    assert (found.thing, found.reasons[0]) == ("pole/tetris", "translation")


def test_a_link_on_a_page_tells_only_of_things_with_its_name(matcher: Matcher) -> None:
    page = Entry("1", "Recette du pain", "page", addresses=("https://www.archer.fr", "https://example.org"))
    assert not [p for p in matcher.proposals(page) if "website" in p.reasons]
    page = Entry("1", "Groupe Archer", "page", addresses=("https://example.org", "https://www.archer.fr/"))
    assert "website" in matcher.proposals(page)[0].reasons


def test_nobody_is_proposed_for_a_strange_name(matcher: Matcher) -> None:
    for name in ("Boulangerie du coin", "!?", "zzzz qqqq"):
        assert not [p for p in matcher.proposals(Entry("1", name)) if p.match]


def test_several_processes_find_what_one_finds_in_the_same_order(published: Settings) -> None:
    layout = VarLayout(published.var_dir).published()
    names = ("Tetris", "Archer", "Coopaname", "Inconnu au bataillon")
    entries = [Entry(str(n), f"{names[n % 4]}{'' if n % 3 else ' (PTCE)'}") for n in range(1200)]
    steps: list[int] = []
    many = list(
        match_all(
            entries, published, layout, (), jobs=2, listener=lambda step, done, total: steps.append(done)
        )
    )
    assert [found.entry for found in many] == entries
    assert many[:60] == list(match_all(entries[:60], published, layout, ()))
    assert steps[-1] == 1200


def test_what_was_found_is_read_again(matcher: Matcher) -> None:
    entry = Entry(
        "1", "Tétris", "page", "https://x.org/a", "fr", ("T",), {"place": ("Grasse",)}, ("https://y.org",)
    )
    found = Found(entry, matcher.proposals(entry))
    assert Found.from_line(found.to_line()) == found


class TestTables:
    def test_columns_are_declared_or_called_as_what_they_are(self, tmp_path: Path) -> None:
        path = tmp_path / "t.tsv"
        path.write_text("Nom\tplace\nTétris | Pôle T\tGrasse\n\n\t\nArcher\t\n", encoding="utf-8-sig")
        one, other = read_table(path, {"name": "Nom"}, "name")
        assert one == Entry("2", "Tétris", others=("Pôle T",), facts={"place": ("Grasse",)})
        assert other.facts == {}

    def test_a_comma_or_semicolon_is_told_by_the_header(self, tmp_path: Path) -> None:
        for delimiter in ",;":
            path = tmp_path / "t.csv"
            path.write_text(f'name{delimiter}url\n"a;b,c"{delimiter}https://x.org\n', encoding="utf-8")
            (entry,) = read_table(path, {}, "page")
            assert (entry.name, entry.target, entry.key) == ("a;b,c", "https://x.org", "https://x.org")

    @pytest.mark.parametrize(
        ("text", "columns", "told"),
        [
            ("Nom\nx\n", {}, "no column is the name"),
            ("name\nx\n", {"place": "Ville"}, "there is no such column for place"),
            ("name\nx\n", {}, "no column is the address"),
            ("name,url\nx\n", {}, "has 1 cells, expected 2"),
            ("name,url\nx,u\ny,u\n", {}, "names row 2 already"),
        ],
    )
    def test_what_is_wrong_is_told(
        self, tmp_path: Path, text: str, columns: dict[str, str], told: str
    ) -> None:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(MappingError) as raised:
            list(read_table(path, columns, "page"))
        assert told in " ".join(map(str, raised.value.problems))

    def test_a_file_that_is_no_text_or_not_there_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        with pytest.raises(SourceUnavailable):
            list(read_table(path, {}, "name"))
        path.write_bytes("name\nPôle\n".encode("latin-1"))
        with pytest.raises(SourceUnavailable, match="UTF-8"):
            list(read_table(path, {}, "name"))
        path.write_bytes(b'name\n"a')
        with pytest.raises(MappingError, match="not CSV"):
            list(read_table(path, {}, "name"))


@pytest.fixture(scope="module")
def names(backend: EmbeddedBackend) -> list[Labelled]:
    """Every sixth of the labelled names, with typos, accents, acronyms, inversions: benchmarks/linking.py prints all of them."""
    return labelled_names(backend)[::6]


@pytest.mark.parametrize("says", ["name", "name, place", "name, place, site"])
def test_98_matches_of_100_are_right_and_9_entries_of_10_matched(
    published: Settings, backend: EmbeddedBackend, names: list[Labelled], says: str
) -> None:
    found = quality(backend, published, labelled_entries(backend, says, names))["all"]
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.9
    assert found["proposed"] >= 0.99


def test_what_is_known_besides_the_name_costs_no_match(
    published: Settings, backend: EmbeddedBackend, names: list[Labelled]
) -> None:
    by_name, by_place = (
        quality(backend, published, labelled_entries(backend, says, names))["all"]["recall"]
        for says in ("name", "name, place")
    )
    assert by_place >= by_name - 0.005
