"""Adding a missing laureate takes three rows, as data/README.md says, and no line of code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ptce_lod import scaffold
from ptce_lod.errors import SourceError
from ptce_lod.ingest import source
from ptce_lod.iris import AddressSpace

ROOT = Path(__file__).parents[3]
ADDRESSES = AddressSpace("https://data.example.org/ptce/")
PAGE = "https://example.org/laureats-2022"
ROWS = {
    "sources": f"{PAGE},Les lauréats,Un ministère,2022-12,",
    "poles": f"pole-nouveau,Pôle nouveau,,,,,Bretagne,,,,emergent,ami-2022,,,,,,,,,{PAGE},",
    "recognitions": f"pole-nouveau,call-phase-2-laureate,ami-2022,2022-12,{PAGE}",
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data" / "sources", tmp_path / "sources"))


def add(sources: Path, table: str, row: str) -> None:
    path = sources / table / f"{table}.csv"
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write(row + "\n")


def lines(sources: Path) -> list[str]:
    return [line for s in source.collect(sources, ADDRESSES) for line in source.quads(s, ADDRESSES)]


def test_three_rows_and_a_refresh_make_a_recognised_pole(sources: Path) -> None:
    for table, row in ROWS.items():
        add(sources, table, row)
        scaffold.refresh(sources / table, "2026-12-01")
    thing = ADDRESSES.base_iri + "id/"
    pole, recognition = (
        f"<{thing}pole/pole-nouveau>",
        f"<{thing}recognition/pole-nouveau-call-phase-2-laureate-ami-2022>",
    )
    made = lines(sources)
    assert any(
        line.startswith(f"{recognition} <https://w3id.org/ptce/ns#recognises> {pole} ") for line in made
    )
    assert any(line.startswith(f"{pole} <https://w3id.org/ptce/ns#hasStagePeriod> ") for line in made)
    assert sum("/graph/recognitions/2026-12-01>" in line for line in made) > 0


def test_a_changed_table_without_a_refresh_is_refused_by_name(sources: Path) -> None:
    add(sources, "poles", ROWS["poles"])
    with pytest.raises(SourceError) as refused:
        lines(sources)
    assert "checksum" in str(refused.value.problems[0].field).lower()
    assert "poles" in refused.value.problems[0].hint


def test_a_recognition_of_an_unknown_pole_is_refused_with_its_row(sources: Path) -> None:
    add(sources, "recognitions", ROWS["recognitions"])
    scaffold.refresh(sources / "recognitions", "2026-12-01")
    with pytest.raises(SourceError) as refused:
        lines(sources)
    problem = refused.value.problems[0]
    last_line = (sources / "recognitions" / "recognitions.csv").read_bytes().count(b"\n")
    assert (problem.field, problem.line) == ("pole_id", last_line)
    assert "'pole-nouveau'" in problem.message
