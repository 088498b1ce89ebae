"""A declared mapping gives exactly the quads it declares, and says what is wrong with it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from ptce_lod.errors import MappingError
from ptce_lod.iris import source_slug
from tests.unit.ingest.conftest import GOOD, MAPPING, METADATA, MakeSource, read

GRAPH = "<http://127.0.0.1:8000/graph/trial/2026-11-22>"
POLE = "<http://127.0.0.1:8000/id/pole/pole-a>"
PTCE = "https://w3id.org/ptce/"


def test_each_filled_cell_gives_its_quads_and_an_empty_one_nothing(make_source: MakeSource) -> None:
    assert read(make_source(*GOOD)) == [
        f"{POLE} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{PTCE}ns#Pole> {GRAPH} .",
        f'{POLE} <http://www.w3.org/2004/02/skos/core#prefLabel> "Pôle A"@fr {GRAPH} .',
        f'{POLE} <{PTCE}ns#startDate> "2014-02-28"^^<http://www.w3.org/2001/XMLSchema#date> {GRAPH} .',
        f"{POLE} <{PTCE}ns#sector> <{PTCE}concept/activity/food> {GRAPH} .",
        f"{POLE} <{PTCE}ns#sector> <{PTCE}concept/activity/wool> {GRAPH} .",
        f"{POLE} <http://xmlns.com/foaf/0.1/page> <https://example.org/a> {GRAPH} .",
        f"{POLE.replace('-a', '-b')} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{PTCE}ns#Pole> {GRAPH} .",
        f'{POLE.replace("-a", "-b")} <http://www.w3.org/2004/02/skos/core#prefLabel> "L\'Île « B »"@fr {GRAPH} .',
        f'{POLE.replace("-a", "-b")} <{PTCE}ns#startDate> "2013"^^<http://www.w3.org/2001/XMLSchema#gYear> {GRAPH} .',
    ]


def test_a_cell_with_quotes_backslashes_and_line_ends_stays_one_literal(make_source: MakeSource) -> None:
    lines = read(make_source('pole-a,"a ""b"" \\ c\nd\te",,,,,,'))
    (label,) = [
        q.object.value
        for q in ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS)
        if "prefLabel" in str(q.predicate)
    ]
    assert label == 'a "b" \\ c\nd\te'


def test_several_cited_pages_give_several_provenance_links(make_source: MakeSource) -> None:
    mapping = MAPPING.replace('table = "table.csv"', 'table = "table.csv"\nprovenance = "url"')
    columns = [
        *METADATA["tableSchema"]["columns"][:-1],
        {"name": "url", "separator": ";", "datatype": "anyURI"},
    ]
    metadata = {**METADATA, "tableSchema": {"columns": columns}}
    row = GOOD[0].replace("food;wool", "").replace("/a", "/a;https://example.org/b")
    lines = read(make_source(row, mapping=mapping, metadata=metadata))
    assert [line for line in lines if "/dc/terms/source" in line] == [
        f"{POLE} <http://purl.org/dc/terms/source> <http://127.0.0.1:8000/id/source/{slug}> {GRAPH} ."
        for slug in map(source_slug, ("https://example.org/a", "https://example.org/b"))
    ]


NODE = '[[node]]\niri = "thing:document/{id}"\n'


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ('table = "other.csv"', "[table]: is 'other.csv', expected 'table.csv'"),
        ('table = "table.csv"\nnodes = []', "there is no key 'nodes' (did you mean 'node'?)"),
        (
            'table = "table.csv"\n[[node]]\niri = "thing:pole/{idd}"',
            "the table has no column 'idd'; did you mean 'id'?",
        ),
        (
            'table = "table.csv"\n' + NODE + 'class = ["ptse:Pole"]',
            "'ptse:Pole' has an unknown prefix (did you mean 'ptce'?)",
        ),
        (
            'table = "table.csv"\n' + NODE + '[[node.statement]]\npredicate = "skos:prefLabel"',
            "[node 1, statement 1]: needs either value or iri",
        ),
        (
            'table = "table.csv"\n'
            + NODE
            + '[[node.statement]]\npredicate = "skos:note"\nvalue = "{name|upper}"',
            "there is no filter 'upper'",
        ),
        (
            'table = "table.csv"\n'
            + NODE
            + '[[node.statement]]\npredicate = "skos:note"\nvalue = "x"\nlanguage = "FR"',
            "'FR' is not a lower-case language tag",
        ),
    ],
)
def test_a_mistake_in_the_mapping_is_named(make_source: MakeSource, mapping: str, expected: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(make_source(*GOOD, mapping=mapping))
    assert any(expected in str(p) for p in caught.value.problems), [str(p) for p in caught.value.problems]


def test_a_value_outside_a_map_is_an_error_of_that_row(make_source: MakeSource) -> None:
    mapping = (
        'table = "table.csv"\n'
        + NODE
        + '[[node.statement]]\npredicate = "dcterms:type"\niri = "{code|map}"\nmap = { x = "" }'
    )
    with pytest.raises(MappingError) as caught:
        read(make_source(*GOOD, mapping=mapping))
    assert "table.csv:2 [code]: '26281' is not known to the map" in str(caught.value.problems[0])


def test_a_condition_decides_on_node_and_statement(make_source: MakeSource) -> None:
    mapping = (
        'table = "table.csv"\n'
        + NODE
        + 'when = { code = "?" }\n[[node.statement]]\npredicate = "skos:note"\nvalue = "{name}"\n'
        'when = { members = "25" }'
    )
    assert len(read(make_source(*GOOD, mapping=mapping))) == 1


def test_unknown_keys_of_the_metadata_are_refused(make_source: MakeSource) -> None:
    columns = [{"name": "id", "datatype": "colour", "requird": True}]
    metadata = {**METADATA, "tableSchema": {"columns": columns}}
    with pytest.raises(MappingError) as caught:
        read(make_source(*GOOD, metadata=metadata))
    text = " ".join(str(p) for p in caught.value.problems)
    assert "'requird'" in text
    assert "'colour', expected one of" in text
