"""Anyone's RDF: every problem of a file with its place, nothing fetched, nothing expanded."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from ptce_lod import formats
from ptce_lod.formats import Format
from ptce_lod.parse import canonical_lines, read_rdf

PREFIXES = "@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def problems(text: str | bytes, format_: Format = formats.TURTLE) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [str(p) for p in read_rdf(data, format_, path="file").problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ex:a ex:b .", "file:2:"),
        ("ex:a ex:b <relative> .", "the IRI is relative and no base is given"),
        ("ex:a foo:b ex:c .", "file:2:6: The prefix foo: has not been declared"),
        ("ex:a ex:b <http://example.org/a b> .", "an IRI holds no space"),
        ('ex:a ex:b "x"@not_a_tag .', "file:2:"),
        (
            'ex:a ex:b "31/02/2014"^^xsd:date .',
            "'31/02/2014' is not an xsd:date, expected one written like 2014-02-28",
        ),
        ('ex:a ex:b "2014-02-31"^^xsd:date .', "there is no such day"),
        ("_:x ex:b _:y . _:y ex:b _:x .", "blank nodes form a cycle"),
        ("ex:a ex:b " + "[ ex:b " * 300 + "1" + " ]" * 300 + " .", "brackets nest deeper than 200"),
    ],
)
def test_a_problem_in_turtle_is_told_with_its_place_and_the_mend(text: str, expected: str) -> None:
    found = problems(PREFIXES + text)
    assert any(expected in p for p in found), found


def test_all_problems_of_a_file_are_told_not_the_first_one() -> None:
    text = PREFIXES + "ex:a foo:b 1 .\nex:a ex:b <rel> .\nex:a bar:b 1 .\nex:a ex:ok 1 ."
    assert [p.split(": ")[0] for p in problems(text)] == ["file:2:6", "file:3:11", "file:4:6"]


def test_latin_1_is_told_with_line_and_byte() -> None:
    (problem,) = problems((PREFIXES + 'ex:a ex:b "Pôle" .').encode("latin-1"))
    assert "file:2: byte 0xF4 is not UTF-8" in problem


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><e:p>&c;</e:p></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize("text", [BOMB, '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>'])
def test_document_types_in_xml_are_refused_before_parsing(text: str) -> None:
    started = time.monotonic()
    (problem,) = problems(text, formats.RDF_XML)
    assert "a document type declaration is refused" in problem
    assert time.monotonic() - started < 1


def test_a_remote_context_is_refused_and_no_request_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        met: list[object] = []

        def accept() -> None:
            with contextlib.suppress(TimeoutError):
                met.append(listener.accept())

        thread = threading.Thread(target=accept)
        thread.start()
        for context in (
            f'"http://127.0.0.1:{port}/c"',
            f'[{{}}, "http://127.0.0.1:{port}/c"]',
            f'{{"@import": "http://127.0.0.1:{port}/c"}}',
        ):
            (problem,) = problems('{\n"@context": ' + context + ', "@id": "http://e/a"}', formats.JSON_LD)
            assert "is refused: no request is made" in problem
            assert problem.startswith("file:2:")
        thread.join()
        assert met == []


def test_json_ld_tells_relative_iris_and_bad_json() -> None:
    assert "relative IRI <thing>" in problems('{"@id": "thing", "http://e/p": "x"}', formats.JSON_LD)[0]
    assert "file:2: not JSON at column 1" in problems('{"a": 1,\n}', formats.JSON_LD)[0]


def test_canonical_lines_do_not_depend_on_blank_node_names_or_order() -> None:
    one = read_rdf((PREFIXES + "ex:a ex:b [ ex:c 1 ], [ ex:d 2 ] .").encode(), formats.TURTLE, path="x").quads
    other = read_rdf(
        (PREFIXES + "_:q ex:d 2 . ex:a ex:b _:q , _:p . _:p ex:c 1 .").encode(), formats.TURTLE, path="x"
    ).quads
    assert canonical_lines(one, "http://g", "g") == canonical_lines(other, "http://g", "g")
    assert any("_:g-c14n0 " in line for line in canonical_lines(one, "http://g", "g"))
