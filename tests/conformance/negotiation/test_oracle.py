"""The server's choice is that of an oracle written from the RFC, for headers made by its grammar and for damaged ones."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_lod.formats import HTML, N3, RDF_ANSWERS, RDF_FORMATS, RESULT_FORMATS, Format
from ptce_lod.web.coding import CODINGS
from ptce_lod.web.coding import choose as choose_coding
from ptce_lod.web.links import LINKSET, LINKSET_JSON
from ptce_lod.web.negotiation import negotiate, negotiate_language
from ptce_lod.web.problems import PROBLEM_JSON
from tests.conformance.negotiation import oracle

#: What the site offers in different places.
OFFERS: dict[str, tuple[Format, ...]] = {
    "document": (HTML, *RDF_ANSWERS, LINKSET, LINKSET_JSON),
    "catalogue": (*RDF_FORMATS, HTML, N3, LINKSET, LINKSET_JSON),
    "view": (*RDF_ANSWERS, LINKSET, LINKSET_JSON),
    "home": (HTML, *RDF_ANSWERS),
    "solutions": RESULT_FORMATS,
    "graph": RDF_FORMATS,
    "problem": (PROBLEM_JSON, HTML, *RDF_FORMATS),
}
TYPES = sorted({t for offers in OFFERS.values() for offer in offers for t in offer.media_types})
FOREIGN = [
    "image/png",
    "application/pdf",
    "text/css",
    "application/signed-exchange",
    "TEXT/x!#$%&'*+-.^_`|~y",
]

ows = st.text(alphabet=" \t", max_size=2)
names = st.text(alphabet="abcdefgPQRS019!#$%&'*+-.^_`|~", min_size=1, max_size=6).filter(
    lambda n: n.lower() != "q"
)
quoted_values = st.text(alphabet='ab ,;=/\\"\tq0.é', max_size=8).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
qvalues = st.one_of(
    st.sampled_from(["0", "0.", "0.0", "0.000", "1", "1.", "1.0", "1.000", "0.001", "0.5", "0.50"]),
    st.integers(0, 999).map(lambda n: f"0.{n:03d}"),
)
known_parameters = st.sampled_from(
    [
        ("charset", "utf-8"),
        ("charset", '"UTF-8"'),
        ("Charset", "utf8"),
        ("charset", "iso-8859-1"),
        ("profile", '"http://www.w3.org/ns/json-ld#compacted"'),
        ("version", "1.1"),
        ("v", "b3"),
    ]
)
parameters = st.one_of(known_parameters, st.tuples(names, st.one_of(names, quoted_values)))


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """A media range by the grammar, with its weight at any place."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        media_range = "*/*"
    elif kind == 1:
        media_range = draw(st.sampled_from(["text/*", "application/*", "image/*", "Text/*"]))
    elif kind == 2:
        media_range = draw(st.sampled_from(FOREIGN))
    else:
        media_range = draw(st.sampled_from(TYPES))
        if draw(st.booleans()):
            media_range = media_range.swapcase()
    found = [f"{name}={value}" for name, value in draw(st.lists(parameters, max_size=2))]
    if draw(st.booleans()):
        weight = f"{draw(st.sampled_from('qqqQ'))}={draw(qvalues)}"
        found.insert(draw(st.integers(0, len(found))), weight)
    found += draw(st.sampled_from([[], [], [], [""]]))
    return media_range + "".join(f"{draw(ows)};{draw(ows)}{each}" for each in found)


@st.composite
def lists(draw: st.DrawFn, element: st.SearchStrategy[str]) -> str:
    """A list by the grammar: elements, some of them empty, with white space around the commas."""
    elements = draw(st.lists(st.one_of(element, element, element, st.just("")), max_size=8))
    return ",".join(f"{draw(ows)}{each}{draw(ows)}" for each in elements)


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[str]) -> str:
    """A header with some characters lost, doubled or put in."""
    text = draw(whole)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        inserted = draw(st.sampled_from([*'",;=/*\\ \tq01.-é\xa0(', "", "", "q=2", '"; q="']))
        text = text[:place] + inserted + text[place + draw(st.integers(0, 2)) :]
    return text


headers = lists(ranges())
any_header = st.one_of(
    headers,
    damaged(headers),
    st.text(alphabet=[chr(c) for c in (9, *range(32, 127), *range(160, 256))], max_size=60),
)
name_lists = lists(
    st.builds(
        lambda name, before, after, weight: name + (f"{before};{after}q={weight}" if weight else ""),
        st.sampled_from(
            [
                "fr",
                "en",
                "FR-ca",
                "en-GB",
                "de",
                "*",
                "fr-1996-x",
                "gzip",
                "br",
                "zstd",
                "identity",
                "x-gzip",
                "BR",
                "deflate",
            ]
        ),
        ows,
        ows,
        st.one_of(st.just(""), qvalues),
    )
)


def offer(format_: Format) -> oracle.Offer:
    return oracle.Offer(format_.media_type, format_.also, only_named=format_ in (LINKSET, LINKSET_JSON))


def expected(header: str | None, offers: tuple[Format, ...]) -> Format | None:
    place = oracle.choose(header, [offer(each) for each in offers])
    return None if place is None else offers[place]


@settings(max_examples=1000, deadline=None)
@given(headers, st.sampled_from(sorted(OFFERS)))
def test_a_header_by_the_grammar_gets_what_the_rfc_says(header: str, where: str) -> None:
    assert negotiate(header, OFFERS[where]) is expected(header, OFFERS[where])


@settings(max_examples=1000, deadline=None)
@given(any_header, st.sampled_from(sorted(OFFERS)))
def test_a_damaged_header_is_read_as_far_as_it_is_sound(header: str, where: str) -> None:
    assert negotiate(header, OFFERS[where]) is expected(header, OFFERS[where])


@settings(max_examples=400, deadline=None)
@given(st.one_of(name_lists, damaged(name_lists)), st.sampled_from(["fr", "en"]))
def test_the_language_is_the_one_the_rfc_says(header: str, default: str) -> None:
    other = "en" if default == "fr" else "fr"
    assert negotiate_language(header, default=default) == oracle.language(header, (default, other))


@settings(max_examples=400, deadline=None)
@given(st.one_of(name_lists, damaged(name_lists)))
def test_the_coding_is_the_one_the_rfc_says(header: str) -> None:
    assert choose_coding(header) == oracle.coding(header, CODINGS)


@settings(max_examples=300, deadline=None)
@given(st.lists(ranges(), max_size=6), st.randoms(), st.sampled_from(sorted(OFFERS)))
def test_the_order_of_the_ranges_means_nothing(elements: list[str], random: Random, where: str) -> None:
    """RFC 9110 section 12.5.1 ranks by weight and specificity alone."""
    mixed = list(elements)
    random.shuffle(mixed)
    assert negotiate(", ".join(elements), OFFERS[where]) is negotiate(", ".join(mixed), OFFERS[where])


@pytest.mark.parametrize(
    ("media_type", "quality"),
    [
        ("text/plain;format=flowed", "1"),
        ("text/plain", "0.7"),
        ("text/html", "0.3"),
        ("image/jpeg", "0.5"),
        ("text/plain;format=fixed", "0.4"),
    ],
)
def test_the_oracle_reads_the_example_of_the_rfc(media_type: str, quality: str) -> None:
    """The table at the end of section 12.5.1; parameters of the representation are put into its name here."""
    header = (
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    )
    name, _, parameter = media_type.partition(";")
    found = [
        (oracle.closeness(r), len(r.parameters), r.weight)
        for r in oracle.media_ranges(header)
        if (oracle.closeness(r) == 0 or r.type == name.split("/")[0])
        and (oracle.closeness(r) < 2 or r.subtype == name.split("/")[1])
        and all(f"{key}={value}" == parameter for key, value in r.parameters.items())
    ]
    assert max(found)[2] == oracle.Fraction(quality)
