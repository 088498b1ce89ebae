"""What counts as an IRI, by the engine that has to hold it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ptce_lod.iris import is_absolute_iri

#: Wrong in a way that a list of forbidden characters does not tell: RFC 3987, sections 2.2 and 3.1.
WRONG = (
    "http://e/%zz",
    "http://e/%",
    "http://e/[",
    "http://e/?[",
    "http://e/#a#b",
    "http://[x]/",
    "http://[1::2::3]/",
    "http://e:8x/",
    "http://e/\x9f",
    "http://e/\U000f0000",
    "http://e/\ufffe",
    "http://e/\ufdd0",
)


@pytest.mark.parametrize("iri", WRONG)
def test_what_the_engine_refuses_is_no_iri(iri: str) -> None:
    assert not is_absolute_iri(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "urn:a",
        "http://e",
        "https://é.example/Pôle?q=ê#û",
        "http://[::1]/",
        "http://e/?\ue000",
        "http://e/%C3%A9",
    ],
)
def test_what_the_engine_takes_is_one(iri: str) -> None:
    assert is_absolute_iri(iri)


@given(st.text().map(lambda text: f"http://e/{text}"))
@example("http://e/a b")
def test_an_iri_can_be_a_name(iri: str) -> None:
    if is_absolute_iri(iri):
        assert ox.NamedNode(iri).value == iri
