"""The reader of example queries: what is wrong in a file is named by file, line and field, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod import pipeline
from ptce_lod.errors import MappingError
from ptce_lod.ingest.queries import lines, read_queries
from ptce_lod.iris import AddressSpace
from tests.conftest import project_settings

ADDRESSES = AddressSpace("https://data.example.org/ptce/")
HEADER = {
    "title@fr": "Les pôles",
    "title@en": "The poles",
    "description@fr": "Tous.",
    "description@en": "All of them.",
    "keywords@fr": "pôle, carte",
    "keywords@en": "pole, map",
}
SELECT = "SELECT ?pole WHERE { ?pole a ptce:Pole }"


def write(folder: Path, slug: str = "poles", query: str = SELECT, **changes: str | None) -> Path:
    """Write a sound file but for ``changes``, keys with ``_`` for ``@``; None leaves a field out."""
    header = {**HEADER, **{key.replace("_", "@"): value for key, value in changes.items()}}
    head = "".join(f"#' {field}: {value}\n" for field, value in header.items() if value is not None)
    path = folder / f"{slug}.rq"
    path.write_text(f"{head}\n{query}\n", encoding="utf-8")
    return path


def problems(folder: Path) -> list[str]:
    with pytest.raises(MappingError) as caught:
        read_queries(folder, ADDRESSES)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_sound_file_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, order="3")
    (query,) = read_queries(tmp_path, ADDRESSES)
    assert (query.slug, query.order, query.form) == ("poles", 3, "select")
    assert query.titles == {"fr": "Les pôles", "en": "The poles"}
    assert query.descriptions == {"fr": "Tous.", "en": "All of them."}
    assert query.keywords == {"fr": ("pôle", "carte"), "en": ("pole", "map")}
    assert query.text == f"PREFIX ptce: <https://w3id.org/ptce/ns#>\n{SELECT}\n"


def test_a_missing_folder_holds_no_examples(tmp_path: Path) -> None:
    assert read_queries(tmp_path / "nowhere", ADDRESSES) == []


def test_queries_come_by_order_and_then_by_name(tmp_path: Path) -> None:
    write(tmp_path, "z", order="1")
    write(tmp_path, "b")
    write(tmp_path, "a")
    assert [query.slug for query in read_queries(tmp_path, ADDRESSES)] == ["z", "a", "b"]


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * { ?s ?p ?o }", "select"),
        ("ASK { ?s ?p 'SELECT' }", "ask"),
        (
            "# DESCRIBE\nPREFIX describe: <urn:x> CONSTRUCT { ?s ?p describe:a } WHERE { ?s ?p ?o }",
            "construct",
        ),
        ("PREFIX a: <urn:construct:> DESCRIBE a:construct", "describe"),
    ],
)
def test_the_form_of_a_query_is_found(tmp_path: Path, query: str, form: str) -> None:
    write(tmp_path, query=query)
    assert read_queries(tmp_path, ADDRESSES)[0].form == form


def test_the_published_text_declares_exactly_the_prefixes_it_uses(tmp_path: Path) -> None:
    query = (
        "# skos:note in a comment\nPREFIX geof: <http://www.opengis.net/def/function/geosparql/>\n"
        'SELECT ?a ("org:x" AS ?b) WHERE { ?a a ptce:Pole ; dcterms:source <http://example.org/foaf:x> ; '
        'ptce:x poleid:tetris, "44"^^xsd:integer FILTER(geof:distance(?a, ?a) > 1) _:igeo ptce:y ?c }'
    )
    write(tmp_path, query=query)
    (found,) = read_queries(tmp_path, ADDRESSES)
    assert set(found.prefixes) == {"dcterms", "geof", "poleid", "ptce", "xsd"}
    assert found.prefixes["poleid"] == "https://data.example.org/ptce/id/pole/"
    assert found.text.count("PREFIX geof:") == 1
    assert found.text.index("PREFIX xsd:") < found.text.index("# skos:note")


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a", title_en=None, description_fr="", subject="x")
    write(tmp_path, "b", order="first", keywords_en="pole", query="SELECT ?x WHERE {\n  ?x a ptce:Pole .\n")
    write(tmp_path, "Bad_Name")
    *header, query = problems(tmp_path)
    assert header == [
        "Bad_Name.rq: is named 'Bad_Name', expected lower-case letters, digits and single hyphens "
        "(the name becomes the query's address)",
        'a.rq:2: is "#\' description@fr: ", expected "#\' field: value"',
        "a.rq:6 [subject]: is no field of a query, expected one of title@fr, title@en, description@fr, description@en, "
        "keywords@fr, keywords@en, order",
        'a.rq [title@en]: is missing, expected a line "#\' title@en: …"',
        'a.rq [description@fr]: is missing, expected a line "#\' description@fr: …"',
        "b.rq:7 [order]: is 'first', expected a whole number from 1 to 9999",
        "b.rq [keywords]: 2 in fr and 1 in en, expected each word in both languages",
    ]
    assert query.startswith("b.rq:")
    assert "[query]: is not SPARQL 1.1: " in query


def test_a_mistake_in_the_query_is_placed_in_the_file(tmp_path: Path) -> None:
    write(tmp_path, query="SELECT ?x WHERE {\n  ?x a ptce:Pole ;\n  ?x nothing:known 1 }")
    (problem,) = problems(tmp_path)
    assert problem.startswith("poles.rq:10:")
    assert "[query]: is not SPARQL 1.1: " in problem


def test_service_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    write(tmp_path, query="ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert problems(tmp_path) == [
        "poles.rq [query]: holds SERVICE, expected a query of this endpoint alone: it refuses SERVICE"
    ]


def test_files_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a", query="PREFIX x: <urn:1:> ASK { x:a x:b x:c }")
    write(tmp_path, "b", keywords_fr="grappe, carte", query="PREFIX x: <urn:2:> ASK { x:a x:b x:c }")
    assert problems(tmp_path) == [
        "b.rq [keywords@fr]: 'pole' is 'grappe' here, expected 'pôle' as in a.rq",
        "b.rq [prefix]: 'x' is 'urn:2:' here, expected 'urn:1:' as in a.rq",
    ]


def test_a_field_stands_once(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(f"#' title@fr: Deux\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert problems(tmp_path) == ["poles.rq:2 [title@fr]: stands twice, expected once"]


def test_bytes_that_are_not_utf_8_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "poles.rq").write_bytes(b"#' title@fr: P\xf4les\n")
    assert problems(tmp_path) == [f"poles.rq: {tmp_path}/poles.rq: is not UTF-8 (byte 14)"]


def test_a_query_becomes_quads_that_other_tools_know(tmp_path: Path) -> None:
    write(tmp_path, query="DESCRIBE poleid:tetris", order="2")
    graph = "https://data.example.org/ptce/graph/queries/2026-11-22"
    found = set(lines(read_queries(tmp_path, ADDRESSES), ADDRESSES, graph))
    base, sh, spex = (
        ADDRESSES.base_iri,
        "http://www.w3.org/ns/shacl#",
        "https://purl.expasy.org/sparql-examples/ontology#",
    )
    subject = f"<{base}id/query/poles>"
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    text = rf'"PREFIX poleid: <{base}id/pole/>\nDESCRIBE poleid:tetris\n"'
    for line in (
        f"{subject} {rdf_type} <{sh}SPARQLExecutable>",
        f"{subject} {rdf_type} <{spex}SPARQLDescribeExecutable>",
        f"{subject} <{spex}describe> {text}",
        f"{subject} <https://schema.org/target> <{base}sparql>",
        f'{subject} <https://schema.org/keywords> "pôle"@fr',
        f'{subject} <{sh}order> "2"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f"{subject} <{sh}prefixes> <{base}queries#prefixes>",
        f"<{base}queries#prefixes> <{sh}declare> <{base}queries#prefix-poleid>",
        f'<{base}queries#prefix-poleid> <{sh}prefix> "poleid"',
        f'<{base}queries#prefix-poleid> <{sh}namespace> "{base}id/pole/"^^<http://www.w3.org/2001/XMLSchema#anyURI>',
    ):
        assert f"{line} <{graph}> ." in found


def test_a_build_and_a_validation_stop_at_a_bad_query(tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    write(folder, title_fr=None)
    settings = project_settings(tmp_path / "var", queries_dir=folder)
    for run in (pipeline.build, pipeline.validate_sources):
        with pytest.raises(MappingError) as caught:
            run(settings)
        assert [problem.field for problem in caught.value.problems] == ["title@fr"]
    assert not (tmp_path / "var" / "releases").exists()
