"""Writes on a small release that conforms: what changes, what is refused, what is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptce_lod import pipeline
from ptce_lod.edit.published import edits_graph
from ptce_lod.edit.requests import Author, GraphRequest, Outcome, RdfBody, UpdateRequest
from ptce_lod.edit.writer import PublishedWriter
from ptce_lod.errors import (
    DataRejected,
    Forbidden,
    MalformedQuery,
    ParseError,
    PreconditionFailed,
    QueryRefused,
    QueryTimedOut,
    ThingNotFound,
)
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish, rollback
from ptce_lod.release.publish_log import publications
from ptce_lod.settings import Settings
from tests.tiny_project import publish_tiny, tiny_settings

ALICE = Author("alice")
BASE = "http://127.0.0.1:8000/"
EDITS = f"{BASE}graph/edits/current"
FACTS = f"{BASE}graph/tiny/2026-11-22"
INSERT = 'INSERT DATA { poleid:un skos:altLabel "Un, autrement"@fr }'


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = tiny_settings(tmp_path_factory.mktemp("writes"), write_timeout_seconds=60)
    publish_tiny(settings)
    return settings


@pytest.fixture
def writer(settings: Settings) -> Iterator[PublishedWriter]:
    """A writer on the release built from the sources, whatever an earlier test wrote."""
    var = VarLayout(settings.var_dir)
    first = publications(var)[0].release_id
    with locked(var):
        publish(var, first)
    yield PublishedWriter(settings)
    assert not list(var.path.glob("candidate-*")), "a write leaves nothing behind"


def update(writer: PublishedWriter, text: str, **more: object) -> Outcome:
    return writer.write(UpdateRequest(text), ALICE, **more)  # type: ignore[arg-type]


def graph(action: str, name: str, *turtle: str) -> GraphRequest:
    bodies = tuple(RdfBody(text.encode(), "turtle", name or BASE) for text in turtle)
    return GraphRequest(name, action, bodies)  # type: ignore[arg-type]


def lines(settings: Settings) -> set[str]:
    text = (VarLayout(settings.var_dir).published().dumps / "all.nq").read_text(encoding="utf-8")
    return set(text.splitlines())


def test_what_is_added_without_a_graph_goes_into_the_graph_of_edits(
    settings: Settings, writer: PublishedWriter
) -> None:
    before = lines(settings)
    outcome = update(writer, INSERT)
    assert (outcome.added, outcome.removed, outcome.dry_run) == (1, 0, False)
    new = f'<{BASE}id/pole/un> <http://www.w3.org/2004/02/skos/core#altLabel> "Un, autrement"@fr <{EDITS}> .'
    assert new in lines(settings)
    assert before <= lines(settings)
    assert f"A {new}\n" in outcome.patch
    assert VarLayout(settings.var_dir).published().release_id == outcome.release


def test_a_write_is_logged_kept_as_a_patch_and_rolled_back(
    settings: Settings, writer: PublishedWriter
) -> None:
    var = VarLayout(settings.var_dir)
    before = var.published().release_id
    outcome = update(writer, INSERT)
    entry = publications(var)[-1]
    assert (entry.by, entry.added, entry.removed, entry.release_id) == ("alice", 1, 0, outcome.release)
    patch = next(var.edits.glob(f"*-{outcome.release}.rdfp")).read_text(encoding="utf-8")
    assert f"H previous <{BASE}release/{before}> ." in patch
    with locked(var):
        assert rollback(var).release_id == before


def test_the_words_of_the_sources_stay_when_something_else_is_deleted(
    settings: Settings, writer: PublishedWriter
) -> None:
    outcome = update(
        writer, 'DELETE DATA { poleid:deux skos:prefLabel "Pôle Deux"@fr }; ' + INSERT, dry_run=True
    )
    assert (
        f'D <{BASE}id/pole/deux> <http://www.w3.org/2004/02/skos/core#prefLabel> "Pôle Deux"@fr <{FACTS}> .'
        in (outcome.patch)
    )
    update(writer, INSERT)
    assert any('"POINT(5.0500 45.0400)"' in line for line in lines(settings))


def test_a_deleted_thing_takes_its_derived_statements_with_it(
    settings: Settings, writer: PublishedWriter
) -> None:
    assert any("graph/derived/" in line and "pole/un" in line for line in lines(settings))
    outcome = update(writer, "DELETE WHERE { poleid:un ptce:territory ?territory }")
    assert outcome.removed == 1
    assert not any("graph/derived/" in line and "pole/un>" in line for line in lines(settings))


def test_a_derived_statement_cannot_be_deleted(writer: PublishedWriter) -> None:
    with pytest.raises(Forbidden, match=r"graph/derived/.* is generated"):
        update(writer, "DELETE WHERE { poleid:un dcterms:spatial ?unit }")


def test_what_breaks_a_shape_is_refused_as_a_whole(settings: Settings, writer: PublishedWriter) -> None:
    before = VarLayout(settings.var_dir).published().release_id
    with pytest.raises(DataRejected, match=r"breaks [0-9]+ constraints; nothing was changed") as caught:
        update(writer, INSERT + " ; DELETE WHERE { poleid:deux skos:prefLabel ?name }")
    report = caught.value.report.to_json()
    assert any(result["focusNode"].endswith("/pole/deux") for result in report["results"])
    assert VarLayout(settings.var_dir).published().release_id == before


def test_a_dry_run_tells_report_and_difference_and_changes_nothing(
    settings: Settings, writer: PublishedWriter
) -> None:
    before = VarLayout(settings.var_dir).published().release_id
    outcome = update(writer, "DELETE WHERE { poleid:deux skos:prefLabel ?name }", dry_run=True)
    assert outcome.report is not None
    assert not outcome.report.conforms
    assert (outcome.removed, outcome.release, outcome.dry_run) == (1, before, True)
    assert VarLayout(settings.var_dir).published().release_id == before


def test_a_write_that_changes_nothing_makes_no_release(settings: Settings, writer: PublishedWriter) -> None:
    number = len(publications(VarLayout(settings.var_dir)))
    outcome = update(writer, "DELETE WHERE { poleid:nobody ?p ?o }")
    assert (outcome.added, outcome.removed) == (0, 0)
    assert len(publications(VarLayout(settings.var_dir))) == number


@pytest.mark.parametrize("text", ["CLEAR ALL", "DROP ALL", "CLEAR NAMED", "DROP DEFAULT", "CLEAR DEFAULT"])
def test_generated_graphs_cannot_be_cleared(writer: PublishedWriter, text: str) -> None:
    with pytest.raises(Forbidden, match="is generated and cannot be changed"):
        update(writer, text)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("INSERT DATA {", MalformedQuery, "line 1"),
        ("LOAD <http://127.0.0.1:9/>", QueryRefused, "LOAD is not allowed"),
        (
            "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x> { ?s ?p ?o } }",
            QueryRefused,
            "SERVICE is not allowed",
        ),
        ("INSERT { ?s ?p ?o } WHERE " + "{" * 3000 + "}" * 3000, QueryRefused, "nested deeper"),
    ],
)
def test_a_bad_update_is_refused(
    writer: PublishedWriter, text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        update(writer, text)


def test_an_update_past_its_deadline_is_stopped(settings: Settings) -> None:
    hasty = Settings.from_values({**settings.to_values(), "write_timeout_seconds": 1.0})
    bomb = "INSERT { ?a <x:y> ?n } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?n }"
    with pytest.raises(QueryTimedOut, match="nothing was changed"):
        update(PublishedWriter(hasty), bomb)


def test_the_graph_store_replaces_extends_and_deletes(settings: Settings, writer: PublishedWriter) -> None:
    name = f"{BASE}graph/mine/1"
    label = "<http://www.w3.org/2004/02/skos/core#altLabel>"
    put = writer.write(graph("put", name, f'<{BASE}id/pole/un> {label} "A"@fr, "B"@fr .'), ALICE)
    assert (put.created, put.added) == (True, 2)
    assert writer.has_graph(name)
    again = writer.write(graph("put", name, f'<{BASE}id/pole/un> {label} "B"@fr, "C"@fr .'), ALICE)
    assert (again.created, again.added, again.removed) == (False, 1, 1)
    post = writer.write(graph("post", name, f'<{BASE}id/pole/un> {label} "D"@fr .'), ALICE)
    assert (post.added, post.removed) == (1, 0)
    deleted = writer.write(graph("delete", name), ALICE)
    assert deleted.removed == 3
    assert not writer.has_graph(name)
    with pytest.raises(ThingNotFound):
        writer.write(graph("delete", name), ALICE)


def test_putting_back_what_was_read_changes_nothing(settings: Settings, writer: PublishedWriter) -> None:
    import pyoxigraph as ox

    store = ox.Store.read_only(str(VarLayout(settings.var_dir).published().store))
    turtle = store.dump(format=ox.RdfFormat.TURTLE, from_graph=ox.NamedNode(FACTS)) or b""
    outcome = writer.write(graph("put", FACTS, turtle.decode()), ALICE)
    assert (outcome.added, outcome.removed) == (0, 0)


def test_the_default_graph_takes_additions_only(settings: Settings, writer: PublishedWriter) -> None:
    label = "<http://www.w3.org/2004/02/skos/core#altLabel>"
    writer.write(graph("post", "", f'<{BASE}id/pole/un> {label} "Par défaut"@fr .'), ALICE)
    assert any(
        "Par défaut" in line and line.endswith(f"<{edits_graph(settings)}> .") for line in lines(settings)
    )
    for action in ("put", "delete"):
        with pytest.raises(Forbidden, match="cannot be replaced or deleted as a whole"):
            writer.write(graph(action, ""), ALICE)


def test_a_body_that_is_no_rdf_is_refused_with_its_place(writer: PublishedWriter) -> None:
    with pytest.raises(ParseError) as caught:
        writer.write(graph("put", f"{BASE}graph/mine/1", "<a> <b> "), ALICE)
    assert caught.value.problems[0].line == 1
    body = RdfBody(b"<http://s> <http://p> <http://o> <http://g> .", "nquads", BASE)
    with pytest.raises(ParseError, match="named graphs"):
        writer.write(GraphRequest(f"{BASE}graph/mine/1", "put", (body,)), ALICE)


def test_a_token_for_some_graphs_may_not_write_others(writer: PublishedWriter) -> None:
    limited = Author("carol", (f"{BASE}graph/carol/",))
    with pytest.raises(Forbidden, match="does not allow changing the graph"):
        writer.write(UpdateRequest(INSERT), limited)


def test_a_write_on_a_release_that_is_no_more_is_refused(writer: PublishedWriter) -> None:
    with pytest.raises(PreconditionFailed):
        update(writer, INSERT, if_release=("0123456789abcdef",))


def test_two_writers_at_once_lose_nothing(settings: Settings, writer: PublishedWriter) -> None:
    outcomes: list[Outcome] = []

    def write(number: int) -> None:
        outcomes.append(update(writer, f'INSERT DATA {{ poleid:un skos:altLabel "n{number}"@fr }}'))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 3
    assert {f'"n{number}"@fr' in "\n".join(lines(settings)) for number in range(3)} == {True}


def test_a_build_keeps_the_edits_over_the_sources_and_can_drop_them(
    settings: Settings, writer: PublishedWriter
) -> None:
    written = update(
        writer,
        INSERT + ' ; DELETE DATA { poleid:deux skos:prefLabel "Pôle Deux"@fr } ;'
        ' INSERT DATA { poleid:deux skos:prefLabel "Pôle 2"@fr }',
    )
    again = pipeline.build(settings)
    assert again.layout.release_id == written.release
    assert again.edits == 3
    without = pipeline.build(settings, keep_edits=False)
    assert without.layout.release_id == publications(VarLayout(settings.var_dir))[0].release_id


def test_edits_follow_a_newer_snapshot_of_their_graph(
    settings: Settings, writer: PublishedWriter, tmp_path: Path
) -> None:
    update(writer, f'INSERT DATA {{ GRAPH <{FACTS}> {{ poleid:un skos:altLabel "suivi"@fr }} }}')
    about = settings.data_dir / "tiny" / "source.ttl"
    former = about.read_text(encoding="utf-8")
    try:
        about.write_text(former.replace("2026-11-22", "2026-12-01"), encoding="utf-8")
        layout = pipeline.build(settings).layout
    finally:
        about.write_text(former, encoding="utf-8")
    dump = (layout.dumps / "all.nq").read_text(encoding="utf-8")
    assert f'"suivi"@fr <{BASE}graph/tiny/2026-12-01> .' in dump
    assert "graph/tiny/2026-11-22" not in dump


def test_blank_nodes_are_published_with_names(settings: Settings, writer: PublishedWriter) -> None:
    update(writer, 'INSERT DATA { poleid:un rdfs:seeAlso [ rdfs:label "sans nom"@fr ] }')
    found = [line for line in lines(settings) if "sans nom" in line]
    assert found
    assert all(line.startswith(f"<{BASE}.well-known/genid/") for line in found)


def test_the_log_is_json_and_holds_no_secret(settings: Settings, writer: PublishedWriter) -> None:
    update(writer, INSERT)
    last = json.loads(VarLayout(settings.var_dir).publications.read_text(encoding="utf-8").splitlines()[-1])
    assert set(last) == {"at", "release", "by", "previous", "added", "removed"}
