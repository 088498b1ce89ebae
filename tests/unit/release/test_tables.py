"""Tables of a release: what the graph says, the same bytes each time, read by those who do not know us."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import duckdb
import networkx
import openpyxl
import pandas as pd
import pyoxigraph as ox
import pytest
from csvw import CSVW

from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.search_details import details_of
from ptce_lod.release.tables.build import write_tables
from ptce_lod.release.tables.declared import DATATYPES, Table, declared
from ptce_lod.release.tables.rows import rows
from ptce_lod.settings import Settings

TABLES = {table.name: table for table in declared()}
PREFIXES = """
PREFIX ptce: <https://w3id.org/ptce/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX org: <http://www.w3.org/ns/org#>
"""


@pytest.fixture(scope="module")
def folder(published: Settings) -> Path:
    return VarLayout(published.var_dir).published().dumps / "tables"


@pytest.fixture(scope="module")
def store(published: Settings) -> ox.Store:
    return ox.Store.read_only(str(VarLayout(published.var_dir).published().store))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_each_is_declared_in_both_languages(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    for text in (
        table.title,
        table.description,
        *(t for c in table.columns for t in (c.title, c.description)),
    ):
        assert text.keys() == {"fr", "en"}
        assert all(text.values())
    assert {column.datatype for column in table.columns} <= set(DATATYPES)


@pytest.mark.parametrize(
    ("name", "class_"),
    [
        ("poles", "ptce:Pole"),
        ("actors", "org:Organization"),
        ("participations", "ptce:Participation"),
        ("concepts", "skos:Concept"),
    ],
)
def test_every_thing_is_a_row(folder: Path, store: ox.Store, name: str, class_: str) -> None:
    solutions: Any = store.query(f"{PREFIXES} SELECT DISTINCT ?id {{ GRAPH ?g {{ ?id a {class_} }} }}")
    assert [row["id"] for row in read(folder / f"{name}.csv")] == sorted(s["id"].value for s in solutions)


def test_cells_are_what_the_graph_says(folder: Path, store: ox.Store) -> None:
    for row in read(folder / "participations.csv"):
        for column, predicate in (("member", "org:member"), ("role", "org:role"), ("circle", "ptce:circle")):
            solutions: Any = store.query(
                f"{PREFIXES} SELECT ?v {{ GRAPH ?g {{ <{row['id']}> {predicate} ?v }} }}"
            )
            values = {solution["v"].value for solution in solutions}
            assert (row[column] in values) if values else row[column] == ""


def test_names_stand_beside_the_iris_they_name(folder: Path, store: ox.Store) -> None:
    several = [row for row in read(folder / "poles.csv") if "|" in row["sectors"]]
    assert several
    for row in several:
        for iri, name in zip(row["sectors"].split("|"), row["sectors_name"].split("|"), strict=True):
            assert store.query(
                f"{PREFIXES} ASK {{ GRAPH ?g {{ <{iri}> skos:prefLabel {json.dumps(name, ensure_ascii=False)}@fr }} }}"
            )


SITE, WIKI, LIST = "https://site.example/", "https://wiki.example/Un", "https://wiki.example/Liste"


@pytest.mark.parametrize(
    ("name", "class_", "own"),
    [("poles", "ptce:Pole", "foaf:page"), ("actors", "org:Organization", "foaf:homepage")],
)
@pytest.mark.parametrize("is_linked", [False, True])
def test_a_page_about_a_thing_is_not_its_site(name: str, class_: str, own: str, is_linked: bool) -> None:
    about = SITE if is_linked else LIST
    link = f"<urn:l> owl:annotatedSource <urn:x> ; owl:annotatedProperty foaf:page ; owl:annotatedTarget <{about}>"
    graphs = {
        "urn:data": f"<urn:x> a {class_} ; {own} <{SITE}> .",
        "urn:wiki": f"<urn:x> foaf:isPrimaryTopicOf <{WIKI}> .",
        "urn:links": f"<urn:x> foaf:page <{about}> . {link} .",
    }
    store = ox.Store()
    for graph, triples in graphs.items():
        # As in a release: each graph by its name, and all of them together.
        store.update(f"INSERT DATA {{ {triples} GRAPH <{graph}> {{ {triples} }} }}", prefixes=FIXED_PREFIXES)
    (row,) = rows(store, TABLES[name])
    assert (row["websites"], row["pages"]) == ((SITE,), tuple(sorted((about, WIKI))))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_parquet_holds_the_same(folder: Path, table: Table) -> None:
    expected = read(folder / f"{table.name}.csv")
    found = duckdb.sql(f"SELECT * FROM '{folder / table.name}.parquet'")
    assert found.columns == [column.name for column in table.columns]
    for row, values in zip(expected, found.fetchall(), strict=True):
        for column, value in zip(table.columns, values, strict=True):
            text = row[column.name]
            if column.many:
                assert value == (text.split("|") if text else [])
            elif column.datatype in ("integer", "decimal"):
                assert value == (float(text) if text else None)
            else:
                assert value == (text or None)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_workbook_holds_the_same_as_texts_and_numbers(folder: Path, table: Table) -> None:
    book = openpyxl.load_workbook(folder / f"{table.name}.xlsx")
    lines = list(book["data"].iter_rows())
    assert [cell.value for cell in lines[0]] == [column.name for column in table.columns]
    for row, cells in zip(read(folder / f"{table.name}.csv"), lines[1:], strict=True):
        for column, cell in zip(table.columns, cells, strict=True):
            text = row[column.name]
            assert cell.data_type in ("s", "n", "inlineStr")
            expected = float(text) if text and column.datatype in ("integer", "decimal") else text or None
            assert cell.value == expected
    assert book["columns"].max_row == len(table.columns) + 1


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_csvw_is_what_its_readers_expect(folder: Path, table: Table) -> None:
    described = CSVW(str(folder / f"{table.name}.csv-metadata.json"), validate=True)
    assert described.is_valid, described.warnings
    first = next(iter(described.tables[0]))
    assert first["id"] == read(folder / f"{table.name}.csv")[0]["id"]
    for column in table.columns:
        if column.many:
            assert isinstance(first[column.name], list)


def test_pandas_reads_codes_as_texts_when_told(folder: Path) -> None:
    frame = pd.read_csv(folder / "poles.csv", dtype={"insee_code": "string"})
    assert frame["insee_code"].dropna().str.fullmatch(r"\d[0-9AB]\d{3}").all()
    assert frame["latitude"].dropna().between(-25, 52).all()


def test_positions_are_features(folder: Path) -> None:
    collection = json.loads((folder / "poles.geojson").read_text(encoding="utf-8"))
    located = [row for row in read(folder / "poles.csv") if row["latitude"]]
    assert [feature["id"] for feature in collection["features"]] == [row["id"] for row in located]
    for feature, row in zip(collection["features"], located, strict=True):
        assert feature["geometry"]["coordinates"] == [float(row["longitude"]), float(row["latitude"])]
        assert "latitude" not in feature["properties"]
    assert not (folder / "concepts.geojson").exists()


def test_the_same_quads_make_the_same_bytes(
    folder: Path, store: ox.Store, published: Settings, tmp_path: Path, pool: Executor
) -> None:
    date = VarLayout(published.var_dir).published().manifest()["data_date"]
    assert write_tables(tmp_path / "again", tmp_path / "rows", store, date, pool) > 1000
    for path in folder.iterdir():
        if path.suffix == ".graphml":  # written with the network
            continue
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_hostile_values_are_texts(tmp_path: Path, pool: Executor) -> None:
    store = ox.Store()
    graph = ox.NamedNode("https://data.example/graph/x")
    names = [
        '=HYPERLINK("https://evil.example")',
        "+1",
        "@SUM(1)",
        'a "b", c',
        "a|b",
        "two\nlines",
        "<script>",
    ]
    for number, name in enumerate(names):
        thing = ox.NamedNode(f"https://data.example/id/pole/{number}")
        for predicate, value in (
            (
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
                ox.NamedNode("https://w3id.org/ptce/ns#Pole"),
            ),
            ("http://www.w3.org/2004/02/skos/core#prefLabel", ox.Literal(name, language="fr")),
            ("http://www.w3.org/2004/02/skos/core#altLabel", ox.Literal(name)),
        ):
            for target in (graph, ox.DefaultGraph()):
                store.add(ox.Quad(thing, ox.NamedNode(predicate), value, target))
    write_tables(tmp_path / "tables", tmp_path / "rows", store, "2026-01-01", pool)
    assert [row["name"] for row in read(tmp_path / "tables/poles.csv")] == names
    lists = [
        row[0] for row in duckdb.sql(f"SELECT other_names FROM '{tmp_path}/tables/poles.parquet'").fetchall()
    ]
    assert lists == [[name.replace("|", "¦")] for name in names]
    sheet = openpyxl.load_workbook(tmp_path / "tables/poles.xlsx")["data"]
    for cell, name in zip(sheet["B"][1:], names, strict=True):
        assert (cell.value, cell.data_type) == (name[:32_767], "s"), "spreadsheets hold no more in a cell"
    assert not (tmp_path / "tables/actors.csv").exists(), "a table without rows has no files"


def test_a_thing_in_several_places_has_the_position_of_the_one_that_is_named(store: ox.Store) -> None:
    places = {
        row["name"]: (row["latitude"], row["longitude"])
        for row in rows(store, TABLES["places"])
        if row["kind"] == "commune"
    }
    for row in rows(store, TABLES["poles"]):
        if row["place"]:
            assert (row["latitude"], row["longitude"]) == places[row["place"]]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_column_s_property_relates_the_row_to_its_cells(
    folder: Path, store: ox.Store, table: Table
) -> None:
    """Else the RDF that others make of the metadata would say what nobody said."""
    for row in read(folder / f"{table.name}.csv"):
        for column in (c for c in table.columns if c.predicate and row[c.name]):
            found = store.quads_for_pattern(
                ox.NamedNode(row["id"]), ox.NamedNode(column.predicate), None, None
            )
            values = {
                quad.object.value.replace("|", "¦")
                for quad in found
                if not isinstance(quad.object, ox.Triple)
            }
            cells = row[column.name].split("|") if column.many else [row[column.name]]
            assert set(cells) <= values, (row["id"], column.name)


def statements(metadata: dict[str, Any], row: dict[str, str]) -> Iterator[ox.Triple]:
    """Yield what CSV2RDF makes of a row, of the few things of CSVW that our metadata use."""
    about = row["id"]
    for column in metadata["tableSchema"]["columns"]:
        cell = row[column["name"]]
        if not cell or column.get("suppressOutput"):
            continue
        predicate = ox.NamedNode(column["propertyUrl"])
        values = cell.split(column["separator"]) if "separator" in column else [cell]
        if "valueUrl" in column:
            assert column["valueUrl"] == f"{{+{column['name']}}}"
            yield ox.Triple(ox.NamedNode(about), predicate, ox.NamedNode(",".join(values)))
            continue
        datatype = column["datatype"]
        iri = (
            datatype["@id"] if isinstance(datatype, dict) else f"http://www.w3.org/2001/XMLSchema#{datatype}"
        )
        for value in values:
            literal = (
                ox.Literal(value, language=column["lang"])
                if datatype == "string" and "lang" in column
                else ox.Literal(value, datatype=ox.NamedNode(iri))
            )
            yield ox.Triple(ox.NamedNode(about), predicate, literal)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_the_metadata_make_of_a_table_is_what_the_graph_says(
    folder: Path, store: ox.Store, table: Table
) -> None:
    metadata = json.loads((folder / f"{table.name}.csv-metadata.json").read_text(encoding="utf-8"))
    made = [triple for row in read(folder / f"{table.name}.csv") for triple in statements(metadata, row)]
    foreign = [
        triple
        for triple in made
        if not any(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
    ]
    assert not foreign
    assert made


def test_a_column_says_language_and_datatype_of_its_values(folder: Path) -> None:
    def columns(name: str) -> dict[str, dict[str, Any]]:
        metadata = json.loads((folder / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
        return {column["name"]: column for column in metadata["tableSchema"]["columns"]}

    concepts = columns("concepts")
    assert (concepts["name"]["lang"], concepts["name_en"]["lang"]) == ("fr", "en")
    assert columns("participations")["date"]["datatype"] == "gYear"
    assert columns("places")["insee_code"]["suppressOutput"], "Python's csvw knows no token"
    assert columns("actors")["siren"]["datatype"] == {
        "@id": "https://w3id.org/ptce/datatype/siren",
        "base": "string",
    }
    assert columns("events")["date"]["suppressOutput"], "days, months and years in one column"
    assert columns("poles")["sectors"]["suppressOutput"], "a list of IRIs is no IRI"
    assert columns("participations")["member"]["valueUrl"] == "{+member}"


@pytest.mark.parametrize(
    "wkt",
    ["POLYGON((1 2, 3 4, 5 6, 1 2))", "POINT Z (1 2 3)", "POINT(2.1e0 48.2)", "nonsense", "POINT(2,5 48)"],
)
def test_what_is_no_plain_point_is_no_position(tmp_path: Path, wkt: str, pool: Executor) -> None:
    store = ox.Store()
    unit = "https://data.example/id/unit/x"
    load = f"""
    PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX igeo: <http://rdf.insee.fr/def/geo#> PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    INSERT DATA {{ <{unit}> a dcterms:Location, igeo:Commune ; igeo:codeINSEE "01001" ; skos:prefLabel "X"@fr ;
      geo:hasDefaultGeometry <{unit}#point> . <{unit}#point> geo:asWKT {json.dumps(wkt)}^^geo:wktLiteral }}"""
    store.update(load)
    write_tables(tmp_path / "tables", tmp_path / "rows", store, "2026-01-01", pool)
    (row,) = read(tmp_path / "tables/places.csv")
    assert (row["name"], row["latitude"], row["longitude"]) == ("X", "", "")
    assert not details_of(store)[unit].get("latitude")


def test_the_network_is_a_file_too(folder: Path) -> None:
    graph = networkx.read_graphml(folder / "network.graphml")
    assert graph.number_of_nodes() > 300
    assert all(data["label_fr"] for _, data in graph.nodes(data=True))
