"""Options of forms."""

from __future__ import annotations

from ptce_lod.web.pages.links import Option, as_french_sorts


def test_an_accented_capital_stands_beside_its_letter() -> None:
    names = ["Zone", "Économie", "Eau", "Habitat", "œuvre", "Énergie"]
    sorted_names = [o.label for o in as_french_sorts(Option(n, n, "", 1, False) for n in names)]
    assert sorted_names == ["Eau", "Économie", "Énergie", "Habitat", "œuvre", "Zone"]
