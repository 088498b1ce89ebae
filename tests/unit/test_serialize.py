"""Only prefixes that occur are declared, and every one that does; XML is what every parser reads."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod import formats, serialize
from ptce_lod.errors import NotAcceptable
from ptce_lod.iris import AddressSpace

PREFIXES = AddressSpace("https://data.example.org/ptce/").prefixes()
FORMATS = (formats.TURTLE, formats.TRIG, formats.RDF_XML, formats.JSON_LD)


def declared(data: bytes) -> set[str]:
    return {line.split()[1][:-1].decode() for line in data.splitlines() if line.startswith(b"@prefix ")}


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("place", ["subject", "predicate", "object", "datatype"])
def test_a_prefix_in_use_is_declared_wherever_it_stands(prefix: str, place: str) -> None:
    term, plain = ox.NamedNode(PREFIXES[prefix] + "x"), ox.NamedNode("https://elsewhere.example/a")
    quad = {
        "subject": ox.Quad(term, plain, plain),
        "predicate": ox.Quad(plain, term, plain),
        "object": ox.Quad(plain, plain, term),
        "datatype": ox.Quad(plain, plain, ox.Literal("1", datatype=term)),
    }[place]
    for format_ in FORMATS:
        data = serialize.serialize([quad], format_, PREFIXES)
        assert [found.triple for found in serialize.parse(data, format_)] == [quad.triple]
    assert declared(serialize.serialize([quad], formats.TURTLE, PREFIXES)) == {prefix}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(sorted(PREFIXES)))
def test_no_literal_takes_a_declaration_away(text: str, prefix: str) -> None:
    term = ox.NamedNode(PREFIXES[prefix] + "x")
    quads = [
        ox.Quad(term, term, ox.Literal(text)),
        ox.Quad(term, term, ox.Literal(f"{text}:{text}", language="fr")),
    ]
    data = serialize.serialize(quads, formats.TURTLE, PREFIXES)
    assert prefix in declared(data)
    assert {found.triple for found in serialize.parse(data, formats.TURTLE)} == {
        quad.triple for quad in quads
    }


def test_rdf_xml_keeps_carriage_returns_for_every_reader() -> None:
    """Written as they are, XML parsers read them as line feeds."""
    literal = rdflib.Literal("one\r\ntwo\rthree\nfour\tfive")
    quad = ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b/c"), ox.Literal(str(literal)))
    data = serialize.serialize([quad], formats.RDF_XML, {})
    assert list(rdflib.Graph().parse(data=data, format="xml").objects()) == [literal]


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_rdf_xml_that_no_parser_would_read_is_not_written(character: str) -> None:
    quad = ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b/c"), ox.Literal(f"a{character}b"))
    with pytest.raises(NotAcceptable, match=f"U\\+{ord(character):04X}"):
        serialize.serialize([quad], formats.RDF_XML, {})
    for format_ in formats.RDF_FORMATS:
        if format_ is not formats.RDF_XML:
            assert list(serialize.parse(serialize.serialize([quad], format_, {}), format_)) == [quad]
