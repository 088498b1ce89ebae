"""What the index says of a thing: a position is always that of the place it stands beside."""

from __future__ import annotations

from itertools import permutations

import pyoxigraph as ox
import pytest

from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.release.search_details import details_of

UNITS = {"Brest": "POINT(-4.48 48.39)", "Nice": "POINT(7.27 43.70)", "Ailleurs": ""}


def store_of(names: tuple[str, ...]) -> ox.Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in FIXED_PREFIXES.items())
    units = "".join(
        f'<http://e/{name}> a igeo:Commune , dcterms:Location ; skos:prefLabel "{name}"@fr'
        + (f' ; geo:hasDefaultGeometry [ geo:asWKT "{UNITS[name]}"^^geo:wktLiteral ]' if UNITS[name] else "")
        + " .\n"
        for name in names
    )
    covered = " , ".join(f"<http://e/{name}>" for name in names)
    poles = f"<http://e/pole> a ptce:Pole ; ptce:territory <http://e/t> . <http://e/t> ptce:coversUnit {covered} .\n"
    store = ox.Store()
    store.load(f"{prefixes}{units}{poles}".encode(), format=ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("names", [*permutations(("Brest", "Nice")), *permutations(("Ailleurs", "Nice"))])
def test_a_pole_in_two_places_has_the_position_of_the_place_that_is_named(names: tuple[str, ...]) -> None:
    detail = details_of(store_of(names))["http://e/pole"]
    assert detail["place"] == min(names)
    point = UNITS[detail["place"]]
    if point:
        assert f"POINT({detail['longitude']} {detail['latitude']}" in point.replace("43.70", "43.7")
    else:
        assert "latitude" not in detail
        assert "longitude" not in detail
