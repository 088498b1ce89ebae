"""The tables of data/sources: read by the CSVW standard, byte for byte what was retrieved, sound in what they say."""

from __future__ import annotations

import csv
import hashlib
import json
import warnings
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from csvw import CSVW, TableGroup

SOURCES = Path(__file__).parents[3] / "data" / "sources"
TABLES = sorted(path.parent.name for path in SOURCES.glob("*/*.csv"))
SPDX = "http://spdx.org/rdf/terms#"


def rows(source: str) -> list[dict[str, str]]:
    with (SOURCES / source / f"{source}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def metadata_path(source: str) -> Path:
    return SOURCES / source / f"{source}.csv-metadata.json"


def checksum(source: str) -> str:
    triples = ox.parse(
        path=SOURCES / source / "source.ttl", format=ox.RdfFormat.TURTLE, base_iri="https://example.org/s"
    )
    (value,) = [q.object.value for q in triples if q.predicate.value == SPDX + "checksumValue"]
    return value


def test_every_table_that_the_project_publishes_is_here() -> None:
    compiled = {
        "poles",
        "actors",
        "memberships",
        "cooperations",
        "events",
        "recognitions",
        "calls",
        "sectors",
    }
    curated = {"units", "names", "figures", "claims", "event-readings", "call-readings", "support-structures"}
    assert set(TABLES) == compiled | curated | {"sources"}


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("poles", 95),
        ("actors", 351),
        ("memberships", 324),
        ("cooperations", 94),
        ("events", 70),
        ("recognitions", 61),
        ("calls", 9),
        ("sectors", 49),
        ("sources", 260),
    ],
)
def test_no_row_of_a_compiled_table_was_lost(source: str, count: int) -> None:
    # More is welcome: missing laureates are added as rows.
    assert len(rows(source)) >= count


@pytest.mark.parametrize("source", TABLES)
def test_a_table_has_the_bytes_of_its_recorded_checksum(source: str) -> None:
    data = (SOURCES / source / f"{source}.csv").read_bytes()
    assert hashlib.sha256(data).hexdigest() == checksum(source)


@pytest.mark.parametrize("source", TABLES)
def test_another_csvw_reader_reads_a_table_without_a_warning(source: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = CSVW(str(metadata_path(source)), validate=True)
        read = list(table.t.iterdicts(strict=True))
        assert table.t.check_primary_key()
    assert [str(w.message) for w in caught] + [str(w) for w in table.warnings] == []
    assert len(read) == len(rows(source))


@pytest.mark.parametrize("source", TABLES)
def test_every_column_is_titled_and_described_in_both_languages(source: str) -> None:
    columns = json.loads(metadata_path(source).read_text(encoding="utf-8"))["tableSchema"]["columns"]
    header = list(rows(source)[0])
    assert [column["name"] for column in columns] == header
    for column in columns:
        # "und" holds the header itself, by which a strict reader tells that table and metadata belong together.
        assert column["titles"]["und"] == column["name"]
        assert column["titles"]["fr"]
        assert column["titles"]["en"]
        assert set(column["dc:description"]) == {"fr", "en"}


def test_foreign_keys_hold_over_all_tables_read_as_one_group() -> None:
    tables = []
    for source in TABLES:
        table = json.loads(metadata_path(source).read_text(encoding="utf-8"))
        del table["@context"]
        tables.append({**table, "url": f"../{source}/{source}.csv"})
    description = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}], "tables": tables}
    group = TableGroup.from_file(SOURCES / "poles" / "group.json", data=description)
    assert group.check_referential_integrity()


def test_a_cited_page_stands_in_the_table_of_sources() -> None:
    known = {row["url"] for row in rows("sources")}
    cited = {
        (source, url)
        for source in TABLES
        for row in rows(source)
        for url in row.get("source_url", "").split(";")
        if url
    }
    assert {(source, url) for source, url in cited if url not in known} == set()


@pytest.mark.parametrize("source", TABLES)
def test_a_table_has_no_stray_space_and_no_control_character(source: str) -> None:
    wrong = [
        (number, column, cell)
        for number, row in enumerate(rows(source), start=2)
        for column, cell in row.items()
        if cell != cell.strip() or any(ord(c) < 32 for c in cell)
    ]
    assert wrong == []


def test_a_unit_has_a_code_of_the_length_of_its_kind() -> None:
    lengths = {"commune": {5}, "departement": {2, 3}, "region": {2}}
    units = rows("units")
    assert [u["slug"] for u in units if len(u["insee_code"]) not in lengths[u["kind"]]] == []
    assert Counter(u["kind"] for u in units) >= Counter(departement=101, region=18)


def test_a_unit_is_named_by_no_code_and_hangs_from_the_kind_above() -> None:
    units = {u["slug"]: u for u in rows("units")}
    above = {"commune": "departement", "departement": "region"}
    for unit in units.values():
        assert not any(c.isdigit() for c in unit["slug"])
        assert unit["slug"].startswith(unit["kind"] + "-")
        if unit["kind"] == "region":
            assert unit["parent"] == ""
        else:
            assert units[unit["parent"]]["kind"] == above[unit["kind"]]
    communes = [u for u in units.values() if u["kind"] == "commune"]
    for unit in communes:
        code = units[unit["parent"]]["insee_code"]
        assert unit["insee_code"].startswith(code)


def test_codes_are_unique_within_a_kind() -> None:
    codes = Counter((u["kind"], u["insee_code"]) for u in rows("units"))
    assert [code for code, count in codes.items() if count > 1] == []


@pytest.mark.parametrize("source", ["poles", "units"])
def test_coordinates_come_in_pairs_and_lie_on_french_soil(source: str) -> None:
    for row in rows(source):
        assert bool(row["latitude"]) == bool(row["longitude"])
        if row["latitude"]:
            latitude, longitude = float(row["latitude"]), float(row["longitude"])
            mainland = 41 < latitude < 52 and -6 < longitude < 10
            overseas = row["insee_code"].startswith("97") and -22 < latitude < 19 and -64 < longitude < 57
            assert mainland or overseas, row


def test_a_pole_and_its_commune_share_one_point() -> None:
    points = {
        u["insee_code"]: (u["latitude"], u["longitude"]) for u in rows("units") if u["kind"] == "commune"
    }
    for pole in rows("poles"):
        if pole["latitude"]:
            assert points[pole["insee_code"]] == (pole["latitude"], pole["longitude"])


def test_a_department_lies_in_the_region_its_row_names() -> None:
    units = {u["slug"]: u for u in rows("units")}
    region_of = {
        u["insee_code"]: units[u["parent"]]["label_fr"] for u in units.values() if u["kind"] == "departement"
    }
    for pole in rows("poles"):
        if pole["departement_code"] and pole["region"]:
            assert region_of[pole["departement_code"]] == pole["region"], pole["id"]
