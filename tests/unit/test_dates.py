"""Dates in words, as far as they are known."""

from __future__ import annotations

import pytest

from ptce_lod.dates import format_date


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("2014-01-10", "10 janvier 2014", "10 January 2014"),
        ("2014-01-01", "1er janvier 2014", "1 January 2014"),
        ("2011-10", "octobre 2011", "October 2011"),
        ("2009", "2009", "2009"),
        ("2014-02-31", "2014-02-31", "2014-02-31"),
        ("soon", "soon", "soon"),
    ],
)
def test_a_partial_date_is_written_as_far_as_it_is_known(value: str, french: str, english: str) -> None:
    assert format_date(value, "fr") == french
    assert format_date(value, "en") == english
