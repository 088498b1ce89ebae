"""`/ns` says all that the ontology says, in both languages, and leads where it says."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import OWL, RDF, RDFS, SKOS

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT
from tests.unit.web.pages.vocabulary.conftest import Page, Tree, text_of

PTCE = "https://w3id.org/ptce/ns#"
DATATYPE = "https://w3id.org/ptce/datatype/"
KINDS = {
    "classes": OWL.Class,
    "object-properties": OWL.ObjectProperty,
    "datatype-properties": OWL.DatatypeProperty,
    "datatypes": RDFS.Datatype,
}


@pytest.fixture(scope="module")
def client(published: Settings, backend: EmbeddedBackend) -> FlaskClient:
    return create_app(published, backend).test_client(use_cookies=False)


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["ns", "shapes"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def terms(ontology: rdflib.Graph) -> dict[str, rdflib.URIRef]:
    """Return fragment → term of ours."""
    found = {}
    for kind in KINDS.values():
        for term in ontology.subjects(RDF.type, kind):
            if str(term).startswith((PTCE, DATATYPE)):
                found[str(term).removeprefix(PTCE).removeprefix(DATATYPE)] = rdflib.URIRef(str(term))
    return found


def ids(tree: Element) -> list[str]:
    return [e.attrib["id"] for e in tree.iter() if "id" in e.attrib]


def sections(tree: Element) -> dict[str, Element]:
    return {
        e.attrib["id"]: e
        for e in tree.iter("section")
        if "term" in e.attrib.get("class", "").split() and "id" in e.attrib
    }


def test_every_term_stands_at_the_anchor_of_its_fragment(
    ontology: rdflib.Graph, tree: Tree, language: str
) -> None:
    assert set(sections(tree("ns", language))) == set(terms(ontology))


def test_each_term_has_labels_in_both_languages_and_its_definition(
    ontology: rdflib.Graph, tree: Tree, language: str
) -> None:
    shown = sections(tree("ns", language))
    for fragment, term in terms(ontology).items():
        text = text_of(shown[fragment]).replace("\u202f", " ")
        for label in ontology.objects(term, RDFS.label):
            assert str(label) in text, fragment
        definition = next(c for c in ontology.objects(term, RDFS.comment) if c.language == language)  # type: ignore[union-attr]
        assert " ".join(str(definition).replace("\u202f", " ").split()) in text, fragment


def test_scope_notes_are_shown(ontology: rdflib.Graph, tree: Tree, language: str) -> None:
    shown = sections(tree("ns", language))
    for fragment, term in terms(ontology).items():
        for note in ontology.objects(term, SKOS.scopeNote):
            if note.language == language:  # type: ignore[union-attr]
                assert " ".join(str(note).replace("\u202f", " ").split()) in text_of(shown[fragment]).replace(
                    "\u202f", " "
                )


def test_groups_count_their_terms(ontology: rdflib.Graph, tree: Tree) -> None:
    for kind, class_ in KINDS.items():
        heading = next(e for e in tree("ns", "en").iter("h2") if e.attrib.get("id") == kind)
        ours = {t for t in ontology.subjects(RDF.type, class_) if str(t).startswith((PTCE, DATATYPE))}
        assert text_of(heading).rpartition(" ")[2] == str(len(ours))


def test_uses_are_those_of_the_release(backend: EmbeddedBackend, tree: Tree, client: FlaskClient) -> None:
    pole = sections(tree("ns", "en"))["Pole"]
    link = next(a for a in pole.iter("a") if "/sparql?" in a.attrib.get("href", ""))
    assert text_of(link) == f"{backend.statistics['classes'][PTCE + 'Pole']} times in this release"
    answer = client.get(link.attrib["href"])
    assert answer.status_code == 200
    assert "/id/pole/" in answer.text


def test_a_term_that_nothing_uses_says_so_and_has_no_query(backend: EmbeddedBackend, tree: Tree) -> None:
    used = backend.statistics["classes"] | backend.statistics["properties"] | backend.statistics["datatypes"]
    for fragment, section in sections(tree("ns", "en")).items():
        is_used = PTCE + fragment in used or DATATYPE + fragment in used
        assert any("/sparql?" in a.attrib.get("href", "") for a in section.iter("a")) is is_used, fragment
        assert ("not yet in this release" in text_of(section)) is not is_used, fragment


def test_each_used_term_shows_a_real_statement(backend: EmbeddedBackend, tree: Tree) -> None:
    shown = sections(tree("ns", "en"))
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in backend._settings.addresses.prefixes().items())
    for iri, lines in backend.statistics["examples"].items():
        section = shown[iri.removeprefix(PTCE).removeprefix(DATATYPE)]
        turtle = "".join(next(section.iter("pre")).itertext())
        graph = rdflib.Graph().parse(data=prefixes + turtle, format="turtle")
        if "[…]" not in turtle:
            assert set(graph) == set(rdflib.Graph().parse(data=lines, format="nt")), iri


def test_domains_ranges_and_superclasses_are_links(ontology: rdflib.Graph, tree: Tree) -> None:
    shown = sections(tree("ns", "en"))
    for fragment, term in terms(ontology).items():
        links = {a.attrib["href"] for a in shown[fragment].iter("a")}
        for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf):
            for other in ontology.objects(term, predicate):
                if isinstance(other, rdflib.URIRef):
                    expected = f"#{other[len(PTCE) :]}" if other.startswith(PTCE) else str(other)
                    assert expected in links, (fragment, other)


def test_alignments_are_shown_by_prefixed_names(tree: Tree) -> None:
    alignments = rdflib.Graph().parse(PROJECT / "ontology/ptce-alignments.ttl")
    shown = sections(tree("ns", "fr"))
    for term, predicate, other in alignments:
        if str(term).startswith(PTCE) and predicate.startswith(str(SKOS)):
            text = text_of(shown[str(term)[len(PTCE) :]])
            assert alignments.namespace_manager.curie(str(other)) in text


def test_every_concept_of_every_scheme_is_linked(tree: Tree, published: Settings) -> None:
    links = {a.attrib.get("href") for a in tree("ns", "fr").iter("a")}
    for path in (PROJECT / "ontology/schemes").glob("*.ttl"):
        graph = rdflib.Graph().parse(path)
        for thing in (*graph.subjects(RDF.type, SKOS.Concept), *graph.subjects(RDF.type, SKOS.ConceptScheme)):
            if str(thing).startswith("https://w3id.org/ptce/"):
                assert urlsplit(str(thing)).path.removeprefix("/ptce") in links, thing


def test_ids_are_unique(tree: Tree, name: str, language: str) -> None:
    assert [i for i, n in Counter(ids(tree(name, language))).items() if n > 1] == []


def test_links_within_the_site_lead_somewhere(tree: Tree, name: str, client: FlaskClient) -> None:
    targets = {"/ns": set(ids(tree("ns", "fr"))), "/shapes": set(ids(tree("shapes", "fr")))}
    paths = set()
    for element in tree(name, "fr").iter():
        address = element.attrib.get("href", "")
        parts = urlsplit(address)
        if parts.scheme or not address:
            continue
        path = parts.path or f"/{name}"
        if parts.fragment and path in targets:
            assert unquote(parts.fragment) in targets[path], address
        elif path != "/sparql":
            paths.add(path)
    bad = [p for p in sorted(paths) if client.get(p).status_code != 200]
    assert bad == []


def test_headings_are_in_order(tree: Tree, name: str, language: str) -> None:
    levels = [int(e.tag[1]) for e in tree(name, language).iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_no_bare_iri_of_ours_stands_as_the_text_of_a_link(tree: Tree, name: str, language: str) -> None:
    for link in tree(name, language).iter("a"):
        assert not text_of(link).startswith(("http://", "https://", "_:")), text_of(link)


def test_no_blank_node_shows(page: Page, name: str, language: str) -> None:
    assert not re.search(r"_:|\bc14n\d|>[0-9a-f]{20,}<", page(name, language))


def test_the_page_has_no_inline_style_or_script(tree: Tree, name: str) -> None:
    for element in tree(name, "fr").iter():
        assert "style" not in element.attrib
        assert not [a for a in element.attrib if a.startswith("on")]
        if element.tag == "script":
            assert "src" in element.attrib or element.attrib["type"] == "application/ld+json"


def test_the_filter_works_without_javascript(client: FlaskClient) -> None:
    answer = client.get("/ns?filter=candidat", headers={"Accept": "text/html", "Accept-Language": "fr"})
    found = set(re.findall(r'<section class="term" id="(\w+)"', answer.text))
    assert {"Application", "applicant"} <= found
    assert "Pole" not in found
    assert (
        answer.headers["ETag"]
        != client.get("/ns", headers={"Accept": "text/html", "Accept-Language": "fr"}).headers["ETag"]
    )


@pytest.mark.parametrize("text", ["<script>", '"', "é\x00", "x" * 5000, "%"])
def test_a_strange_filter_is_escaped_and_answers(client: FlaskClient, text: str) -> None:
    answer = client.get("/ns", query_string={"filter": text}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_each_version_of_the_changelog_is_told(tree: Tree, language: str) -> None:
    text = (PROJECT / "ontology/CHANGELOG.md").read_text(encoding="utf-8")
    headings = {text_of(e).partition(" ")[0] for e in tree("ns", language).iter("h3")}
    assert set(re.findall(r"^## (\d[\d.]*)", text, re.MULTILINE)) <= headings


def test_numbers_of_the_history_note_are_those_of_the_ontology(ontology: rdflib.Graph) -> None:
    newest = max(str(n) for n in ontology.objects(None, SKOS.historyNote) if n.language == "en")  # type: ignore[union-attr]
    counted = [
        len([t for t in ontology.subjects(RDF.type, class_) if str(t).startswith((PTCE, DATATYPE))])
        for class_ in KINDS.values()
    ]
    schemes = len(list((PROJECT / "ontology/schemes").glob("*.ttl")))
    assert [int(n) for n in re.findall(r"\d+(?= )", newest.partition(" – ")[2])] == [*counted, schemes]
