"""Every way a table can be wrong: the message names file, row and column and what was expected; all problems come together."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest

from ptce_lod.errors import MappingError, ParseError, SourceError
from ptce_lod.ingest.source import file_sha256
from tests.unit.ingest.conftest import GOOD, HEADER, MakeSource, read

ROW = "pole-a,Pôle A,45.05,2014,25,26281,food,https://example.org/a"


def problems(folder: Path) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read(folder)
    return [str(p) for p in caught.value.problems] or [f"{caught.value.message} ({caught.value.hint})"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ROW.replace("45.05", '"45,05"'),
            "table.csv:2 [latitude]: '45,05' has a comma; write the number with a decimal point, '45.05'",
        ),
        (ROW.replace("45.05", "480"), "table.csv:2 [latitude]: 480 is above the greatest value 90"),
        (
            ROW.replace("45.05", "north"),
            "table.csv:2 [latitude]: 'north' is not a number; write it like 45.0496",
        ),
        (
            ROW.replace("2014", "31/02/2014"),
            "[founded]: '31/02/2014' is not a date written YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        (ROW.replace("2014", "2014-02-31"), "[founded]: '2014-02-31' is not a day of the calendar"),
        (ROW.replace(",25,", ',"1,200",'), "[members]: '1,200' is not a whole number; write digits only"),
        (ROW.replace(",25,", ",-3,"), "[members]: -3 is below 0"),
        (ROW.replace("26281", "2628"), "[code]: '2628' is not an INSEE code of 5 characters"),
        (
            ROW.replace("food", "fod"),
            "[sectors]: 'fod' is not in the column 'id' of sectors.csv (did you mean 'food'?)",
        ),
        (ROW.replace("pole-a", "Pole A"), "[id]: 'Pole A' is not a slug like pole-a"),
        (ROW.replace("pole-a,", ","), "table.csv:2 [id]: is empty, but a value is required"),
        (
            ROW.replace("https://example.org/a", "https://example.org/a b"),
            "[url]: 'https://example.org/a b' has a space",
        ),
        (
            ROW.replace("https://example.org/a", "javascript:alert(1)"),
            "is not an absolute http or https address",
        ),
        (ROW + ",more", "table.csv:2: has 9 cells, expected 8"),
        (ROW.replace("Pôle A", '"Pôle" A'), "not CSV"),
    ],
)
def test_a_wrong_cell_is_named_with_what_was_expected(
    make_source: MakeSource, row: str, expected: str
) -> None:
    (problem,) = problems(make_source(row))
    assert expected in problem


def test_a_second_row_with_the_same_id_is_refused(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(*GOOD, GOOD[0]))
    assert "table.csv:4 [id]: 'pole-a' stands already on line 2" in problem


def test_a_missing_column_is_named_with_the_one_that_may_be_meant(make_source: MakeSource) -> None:
    found = problems(make_source(*GOOD, header=HEADER.replace("latitude", "lattitude")))
    assert any(
        "table.csv:1 [latitude]: this column is missing (did you mean 'lattitude'?)" in p for p in found
    )
    assert any("[lattitude]: there is no such column in the metadata" in p for p in found)


def test_an_extra_column_is_named(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(ROW + ",x", header=HEADER + ",comment"))
    assert "table.csv:1 [comment]: there is no such column in the metadata" in problem


def test_columns_in_another_order_are_refused(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(header="name,id," + HEADER.partition("name,")[2]))
    assert "the columns stand in another order" in problem


def test_latin_1_is_recognised_with_line_and_byte(make_source: MakeSource) -> None:
    raw = f"{HEADER}\n{ROW}\n".encode("latin-1")
    with pytest.raises(ParseError, match=r"table\.csv:2: byte 9 of the line \(0xF4\) is not UTF-8") as caught:
        read(make_source(raw=raw))
    assert "Latin-1" in caught.value.hint


def test_a_byte_order_mark_is_refused(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(raw=b"\xef\xbb\xbf" + f"{HEADER}\n{ROW}\n".encode()))
    assert "table.csv:1: begins with a byte-order mark (save the table as UTF-8 without BOM)" in problem


def test_line_ends_other_than_the_dialects_are_refused(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(raw=f"{HEADER}\r\n{ROW}\r\n".encode()))
    assert "ends its lines with CR LF, expected LF alone" in problem


def test_an_empty_file_is_refused_with_the_header_it_should_have(make_source: MakeSource) -> None:
    (problem,) = problems(make_source(raw=b""))
    assert f"is empty, expected a header line: {HEADER}" in problem


def test_a_line_of_200_megabytes_is_refused_without_being_read(make_source: MakeSource) -> None:
    folder = make_source(*GOOD)
    table, source = folder / "table.csv", folder / "source.ttl"
    with table.open("r+b") as stream:
        stream.seek(200_000_000)
        stream.write(b"\n")
    source.write_text(
        re.sub(r'"[0-9a-f]{64}"', f'"{file_sha256(table)}"', source.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    tracemalloc.start()
    with pytest.raises(ParseError, match=r"table\.csv:4: the line is longer than 1048576 bytes"):
        read(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_all_problems_of_a_file_are_reported(make_source: MakeSource) -> None:
    rows = [f"pole-{n},P,480,31/02/2014,x,1,nothing," for n in range(3)]
    found = problems(make_source(*rows))
    assert len(found) == 3 * 5
    assert {p.split(":")[1].split(" ")[0] for p in found} == {"2", "3", "4"}


def test_a_changed_table_is_refused_until_its_checksum_is_renewed(make_source: MakeSource) -> None:
    folder = make_source(*GOOD)
    table = folder / "table.csv"
    table.write_bytes(table.read_bytes() + b"pole-c,C,,,,,,\n")
    (problem,) = problems(folder)
    assert "[spdx:checksumValue]" in problem
    assert "new-source --refresh trial" in problem


def test_a_changed_table_s_own_mistakes_are_told_with_its_checksum(make_source: MakeSource) -> None:
    folder = make_source(*GOOD)
    table = folder / "table.csv"
    table.write_bytes(table.read_bytes() + b"pole-c,C,480,31/02/2014,,,,\n")
    found = problems(folder)
    assert "[spdx:checksumValue]" in found[0]
    assert len(found) == 3
    assert all("table.csv:" in problem for problem in found[1:])


def test_the_whole_list_of_problems_stops_at_a_limit_and_says_so(make_source: MakeSource) -> None:
    with pytest.raises(MappingError) as caught:
        read(make_source(*(f"p{n},P,480,,,,," for n in range(300))))
    assert len(caught.value.problems) == 200
    assert "300 problems, of which the first 200 are listed" in caught.value.message
