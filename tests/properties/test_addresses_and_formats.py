"""IRIs and serialisations: what is written can be read again."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod import formats, serialize
from ptce_lod.iris import SLUG, THING_TYPES, AddressSpace, slugify

ADDRESSES = AddressSpace("https://data.example.org/ptce/")
slugs = st.from_regex(SLUG, fullmatch=True)
text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
iris = st.from_regex(r"https://example\.org/[a-z0-9/é-]{0,8}(#[a-z]{1,3})?", fullmatch=True).map(ox.NamedNode)
literals = st.one_of(
    text.map(ox.Literal),
    st.builds(lambda value: ox.Literal(value, language="fr"), text),
    st.builds(ox.Literal, st.integers()),
    st.builds(lambda value: ox.Literal(value, datatype=ox.NamedNode("https://example.org/type")), text),
)
#: A property that RDF/XML can write ends in a name.
predicates = st.from_regex(r"https://example\.org/[a-z]{1,5}#[a-z]{1,5}", fullmatch=True).map(ox.NamedNode)
quads = st.lists(st.builds(ox.Quad, iris, predicates, st.one_of(iris, literals), iris), max_size=12)


@given(st.sampled_from(THING_TYPES), slugs)
def test_a_minted_iri_is_parsed_to_what_it_was_minted_from(type_: str, slug: str) -> None:
    assert ADDRESSES.parse_thing(ADDRESSES.thing(type_, slug)) == (type_, slug)


@given(st.text(max_size=60))
def test_a_slug_is_a_slug_or_nothing(name: str) -> None:
    slug = slugify(name)
    assert slug == "" or SLUG.fullmatch(slug)


@given(st.text(max_size=60))
def test_no_text_breaks_the_parsing_of_addresses(name: str) -> None:
    address = ADDRESSES.parse_thing(ADDRESSES.base_iri + "id/" + name)
    assert address is None or ADDRESSES.thing(*address) == ADDRESSES.base_iri + "id/" + name


@given(quads, st.sampled_from(formats.RDF_FORMATS))
def test_every_format_gives_back_what_was_written(
    given_quads: list[ox.Quad], format_: formats.Format
) -> None:
    data = serialize.serialize(given_quads, format_, ADDRESSES.prefixes())
    found = set(serialize.parse(data, format_))
    if format_.holds_named_graphs:
        assert found == set(given_quads)
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in given_quads}
