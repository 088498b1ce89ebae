"""The benchmark of documents reckons right, and its SPARQL asks for what a document holds."""

from __future__ import annotations

import itertools
import math
import struct

import pyoxigraph as ox
import pytest

from benchmarks.documents import load, measure, queries, report
from benchmarks.documents.load import Load
from benchmarks.documents.measure import Content, Results, Row
from benchmarks.http.data import Data
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings

DATA = Data("", "", "", "", poles=50, quads=5000, triples=4900)


def results(**speeds: float) -> Results:
    """Return results with one row for each of ``speeds``, named by its key."""
    servers = {"cached": "ptce-lod", "uncached": "ptce-lod, nothing kept"}
    found = Results(rows=[Row(key, servers.get(key, key), f"row {key}", str.encode) for key in speeds])
    for key, speed in speeds.items():
        found.loads[key] = Load(requests=10, per_second=speed, median=1, p99=2, client_cores=0.1)
        found.contents[key] = Content(head=100, body=2000, triples=30)
    return found


def test_percentiles_are_of_single_answers() -> None:
    found = load.summed([*range(1, 100), 5000], 100, 2.0)
    assert (found.per_second, found.median, found.p99, found.note) == (50, 50.5, 5000, "")


def test_answers_that_went_wrong_are_told() -> None:
    found = load.summed([1.0], 3, 1.0, refused=2, broken=1)
    assert found.note == "2 × status 4xx or 5xx, 1 × no answer"
    assert load.summed([], 0, 1.0).note == "no answer in time"


def test_what_the_script_of_wrk_wrote_is_read() -> None:
    found = load.read("2000000 4 0 0\n1000\n3000\n2000\n")
    assert (found.requests, found.per_second, found.median) == (4, 2.0, 2.0)


def test_packed_messages_can_be_cut_at_the_index() -> None:
    messages = [b"one", b"", b"three" * 100]
    file = load.packed(messages)
    count, *ends = struct.unpack_from("<5I", file)
    assert count == 3
    assert [file[begin:end] for begin, end in itertools.pairwise(ends)] == messages


def test_things_are_the_same_in_every_run_and_none_twice() -> None:
    names = measure.things(DATA, 60)
    assert names == measure.things(DATA, 60)
    assert len(set(names)) == 60
    assert sum(name.startswith("pole/") for name in names) == 30


def test_a_posted_query_says_how_long_it_is() -> None:
    head, _, body = measure.post_query("/query", "ASK { <é> ?p ?o }", "text/turtle").partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}\r\n".encode() in head + b"\r\n"
    assert body == b"query=ASK+%7B+%3C%C3%A9%3E+%3Fp+%3Fo+%7D"


def test_every_row_makes_a_request_for_the_thing_and_keys_differ() -> None:
    rows = measure.rows({"ptce-lod": {"pole/pole-7": '"tag"'}})
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert b"pole-7" in row.make("pole/pole-7")
    tagged = next(row for row in rows if row.key == "not-modified").make("pole/pole-7")
    assert b'If-None-Match: "tag"\r\n' in tagged


@pytest.mark.parametrize(("cached", "verdict"), [(130.0, "reached"), (129.0, "**missed**")])
def test_a_target_is_reached_by_the_figures(cached: float, verdict: str) -> None:
    target = report.targets(results(cached=cached, oxigraph=100.0))[0]
    assert (target.limit, target.verdict) == (1.3, verdict)


def test_less_is_better_for_time_and_memory() -> None:
    found = results(cached=1.0)
    found.memory["ptce-lod"] = (100.0, 250.0)
    by_unit = {target.unit: target for target in report.targets(found) if target.below}
    assert by_unit[" ms"].verdict == "reached"
    assert by_unit[" MiB"].verdict == "**missed**"


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    verdicts = {target.verdict for target in report.targets(Results())}
    assert verdicts == {"not measured"}


def test_the_page_names_who_is_faster_by_how_much_and_who_was_left_out() -> None:
    page = report.write(results(cached=50.0, oxigraph=100.0, nginx=25.0), [], DATA, 5, ["trifid: no node"])
    losses = page.partition("## Where we lose")[2].partition("##")[0]
    assert "- Turtle asked before: oxigraph: row oxigraph (2.00 ×)." in losses
    assert "nginx" not in losses
    assert "- Turtle made anew: not measured." in losses
    assert "Left out: trifid: no node." in page
    assert "This run had 5,000 quads: it decides nothing." in page


def test_rows_of_the_table_have_as_many_cells_as_its_head() -> None:
    found = results(cached=50.0, oxigraph=100.0)
    found.rows.append(Row("gone", "gone", "no such page", str.encode))
    found.contents["gone"] = Content(problem="status 404")
    lines = [line for line in report._table(found).split("\n") if line.startswith("|")]
    assert len(lines) == 5
    assert len({line.count("|") for line in lines}) == 1
    assert "(status 404)" in lines[-1]
    assert math.isnan(found.speed("gone"))


@pytest.mark.parametrize("kind", ["pole", "actor", "cooperation"])
def test_the_query_for_the_content_gives_what_the_document_holds(
    published: Settings, backend: EmbeddedBackend, kind: str
) -> None:
    base = published.base_iri
    store = ox.Store.read_only(str(VarLayout(published.var_dir).published().store))
    of_kind = store.query(
        f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{base}id/{kind}/")) }} ORDER BY ?s LIMIT 200'
    )
    assert isinstance(of_kind, ox.QuerySolutions)
    for iri in [row["s"].value for row in of_kind][::40]:
        description = backend.describe(iri)
        assert description is not None
        answer = store.query(queries.content(iri, base, lateral=True))
        assert isinstance(answer, ox.QueryTriples)
        assert {str(triple) for triple in answer} == {str(quad.triple) for quad in description.quads}
