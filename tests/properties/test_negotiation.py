"""Content negotiation for all headers: what no client may ever see."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.formats import HTML, RDF_FORMATS, Format
from ptce_lod.web.negotiation import negotiate, negotiate_language

OFFERS = (HTML, *RDF_FORMATS)
TYPES = sorted({media_type for offer in OFFERS for media_type in offer.media_types})
ranges = st.sampled_from([*TYPES, "*/*", "text/*", "application/*", "image/png"])
qualities = st.integers(0, 1000).map(lambda n: n / 1000)
headers = st.lists(st.tuples(ranges, qualities), max_size=8)


def write(elements: list[tuple[str, float]]) -> str:
    return ", ".join(f"{media_range};q={quality:.3f}" for media_range, quality in elements)


def oracle(elements: list[tuple[str, float]], media_type: str) -> float:
    """RFC 9110 section 12.5.1, written down again: the quality that the most specific range gives to a media type."""
    major = media_type.split("/")[0]
    for wanted in (media_type, f"{major}/*", "*/*"):
        found = [quality for media_range, quality in elements if media_range == wanted]
        if found:
            return max(found)
    return 0.0


@given(headers)
def test_an_excluded_type_is_never_sent(elements: list[tuple[str, float]]) -> None:
    chosen = negotiate(write(elements), OFFERS)
    if chosen is not None and elements:
        named = [quality for media_range, quality in elements if media_range == chosen.media_type]
        assert not named or max(named) > 0


@given(headers.filter(bool))
def test_what_is_sent_is_acceptable_and_nothing_better_was_left(elements: list[tuple[str, float]]) -> None:
    def quality(offer: Format) -> float:
        own = oracle(elements, offer.media_type)
        if own == 0 and any(media_range == offer.media_type for media_range, _ in elements):
            return 0.0
        named = [q for media_range, q in elements if media_range in offer.also]
        return max(own, *named, 0.0)

    chosen = negotiate(write(elements), OFFERS)
    best = max(quality(offer) for offer in OFFERS)
    assert (chosen is None) == (best == 0)
    if chosen is not None:
        assert quality(chosen) == best


@given(st.text(max_size=200))
def test_no_header_breaks_negotiation(text: str) -> None:
    assert negotiate(text, OFFERS) in (*OFFERS, None)
    assert negotiate_language(text, text, text) in ("fr", "en")


@given(st.sampled_from(OFFERS), st.text(alphabet=",; \t", max_size=10))
def test_empty_elements_change_nothing(offer: Format, noise: str) -> None:
    separators = "".join(c for c in noise if c in ", ")
    assert negotiate(f"{separators},{offer.media_type},{separators}", OFFERS) is offer
