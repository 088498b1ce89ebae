"""Decided links are built into a graph of their own, conform to the shapes, and lead both ways; contradictions stop the build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod import pipeline
from ptce_lod.decisions import Decision, add_decisions, write_decisions
from ptce_lod.errors import MappingError, SourceError
from ptce_lod.ingest import links
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.page_address import page_key
from ptce_lod.query.embedded import EmbeddedBackend
from tests.tiny_project import publish_tiny, tiny_settings
from tests.unit.link.test_decisions import PAGE

ADDRESSES = AddressSpace("http://127.0.0.1:8000/")
UN = replace(PAGE, thing="pole/un")
ITEM = replace(
    UN,
    entry="Q1",
    relation="same-as",
    target="http://www.wikidata.org/entity/Q1",
    how="by-score",
    language="",
)
CONCEPT = replace(
    UN,
    entry="c",
    thing="concept/sector/energy",
    relation="close-match",
    target="https://example.org/thesaurus#énergie",
)


def lines_of(folder: Path, *rows: Decision) -> list[str]:
    add_decisions(folder / "essai.csv", rows)
    return [line for table in links.collect(folder, ADDRESSES) for line in links.quads(table, ADDRESSES)]


def store_of(lines: list[str]) -> ox.Store:
    store = ox.Store()
    store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    return store


def ask(store: ox.Store, pattern: str) -> bool:
    prefixes = {
        **FIXED_PREFIXES,
        "sssom": "https://w3id.org/sssom/",
        "semapv": "https://w3id.org/semapv/vocab/",
    }
    text = f"ASK {{ GRAPH <http://127.0.0.1:8000/graph/links-essai/2026-11-23> {{ {pattern} }} }}"
    return bool(store.query(text, prefixes=prefixes))


def test_a_page_and_its_thing_point_at_each_other(tmp_path: Path) -> None:
    store = store_of(lines_of(tmp_path, UN))
    thing, page = "<http://127.0.0.1:8000/id/pole/un>", f"<{UN.target}>"
    assert ask(store, f"{thing} foaf:isPrimaryTopicOf {page}")
    assert ask(store, f"?record schema:url {page} ; foaf:primaryTopic {thing} ; dcterms:title 'TETRIS'@fr")


def test_who_when_how_and_how_surely_is_said_of_each_link(tmp_path: Path) -> None:
    store = store_of(lines_of(tmp_path, UN, ITEM))
    assert ask(
        store,
        """?record dcterms:provenance ?link . ?link a owl:Axiom ; owl:annotatedProperty foaf:isPrimaryTopicOf ;
        owl:annotatedTarget <https://wiki.example.org/wiki/TETRIS> ; sssom:reviewer_label "ab" ; sssom:confidence 0.975 ;
        sssom:mapping_date "2026-11-23"^^xsd:date ; sssom:mapping_justification semapv:ManualMappingCuration""",
    )
    assert ask(
        store,
        """<http://127.0.0.1:8000/id/source/links-essai> dcterms:hasPart ?link . ?link owl:annotatedProperty schema:sameAs ;
        sssom:author_label "ab" ; sssom:mapping_justification semapv:LexicalMatching""",
    )


def test_each_relation_has_its_property_and_nothing_is_owl_same_as(tmp_path: Path) -> None:
    several = replace(UN, entry="fr:13", relation="page", target="https://wiki.example.org/wiki/Liste")
    store = store_of(lines_of(tmp_path, several, ITEM, CONCEPT))
    assert ask(store, "?pole foaf:page ?page . ?record schema:about ?pole ; schema:url ?page")
    assert ask(store, "<http://127.0.0.1:8000/id/pole/un> schema:sameAs <http://www.wikidata.org/entity/Q1>")
    assert ask(store, f"<https://w3id.org/ptce/concept/sector/energy> skos:closeMatch <{CONCEPT.target}>")
    assert not ask(store, "?x owl:sameAs ?y")
    assert not ask(store, "?x foaf:primaryTopic ?y")


def test_only_a_yes_that_is_allowed_to_be_is_published(tmp_path: Path) -> None:
    rows = (
        replace(UN, decision="no", relation=""),
        replace(UN, entry="2", decision="unsure", relation=""),
        replace(UN, entry="3", relation=""),
    )
    assert lines_of(tmp_path, *rows) == []
    assert links.collect(tmp_path / "absent", ADDRESSES) == []


def test_a_page_of_two_things_stops_the_build_with_file_and_row(tmp_path: Path) -> None:
    settings = tiny_settings(tmp_path)
    add_decisions(settings.links_dir / "a.csv", [UN])
    write_decisions(settings.links_dir / "b.csv", [replace(UN, thing="pole/deux")])
    with pytest.raises(MappingError) as raised:
        pipeline.build(settings)
    (problem,) = raised.value.problems
    assert (Path(problem.path).name, problem.line) == ("b.csv", 2)
    assert "a.csv:2" in problem.message


def test_problems_of_sources_and_of_links_are_told_together(tmp_path: Path) -> None:
    settings = tiny_settings(tmp_path)
    (settings.data_dir / "empty").mkdir()
    settings.links_dir.mkdir(exist_ok=True)
    write_decisions(settings.links_dir / "a.csv", [replace(UN, when="hier")])
    with pytest.raises(SourceError) as raised:
        pipeline.validate_sources(settings)
    told = " ".join(map(str, raised.value.problems))
    assert "source.ttl" in told
    assert "'hier' is no day" in told


def test_links_conform_are_published_and_found_from_the_page(tmp_path: Path) -> None:
    settings = tiny_settings(tmp_path)
    add_decisions(settings.links_dir / "essai.csv", [UN, ITEM, CONCEPT])
    backend = EmbeddedBackend(publish_tiny(settings), settings)
    try:
        report, _ = pipeline.validate_sources(settings)
        assert report.conforms
        links_about = [r for r in report.results if "link" in str(r.focus_node)]
        assert not links_about
        (found,) = backend.pages_about(page_key("http://wiki.example.org/wiki/TETRIS"))
        assert found.iri == "http://127.0.0.1:8000/id/pole/un"
        assert any(s["id"] == "links-essai" for s in backend.manifest["sources"])
        table = backend.describe("http://127.0.0.1:8000/id/source/links-essai")
        assert table is not None
        assert any("annotatedTarget" in quad.predicate.value for quad in table.quads)
    finally:
        backend.close()


def test_a_link_to_a_thing_that_is_not_there_is_refused(tmp_path: Path) -> None:
    settings = tiny_settings(tmp_path)
    add_decisions(settings.links_dir / "essai.csv", [replace(UN, thing="pole/absent")])
    report, _ = pipeline.validate_sources(settings)
    assert not report.conforms
    assert any(str(result.value_node).endswith("pole/absent") for result in report.results)
