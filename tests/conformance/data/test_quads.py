"""The quads of all sources hang together: everything named is described, labelled once, typed and traceable."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.ingest import source
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import FIXED_PREFIXES

ROOT = Path(__file__).parents[3]
ADDRESSES = AddressSpace("https://data.example.org/ptce/")
THING = ADDRESSES.base_iri + "id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PTCE = "https://w3id.org/ptce/ns#"
PREFIXES = f"""
PREFIX ptce: <{PTCE}>
PREFIX skos: <{SKOS}>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX sosa: <http://www.w3.org/ns/sosa/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX igeo: <http://rdf.insee.fr/def/geo#>
PREFIX evtype: <https://w3id.org/ptce/concept/event-type/>
PREFIX ckind: <https://w3id.org/ptce/concept/claim-kind/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rectype: <https://w3id.org/ptce/concept/recognition-type/>
"""


def rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "sources" / table / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Every source in its named graph, and what ``source.ttl`` says in the graph of the catalogue."""
    store = ox.Store()
    sources = source.collect(ROOT / "data" / "sources", ADDRESSES)
    lines = [line for s in sources for line in source.quads(s, ADDRESSES)]
    for s in sources:
        lines.extend(source.description(s, ADDRESSES.graph("catalog", "1")))
    store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    return store


def query(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIXES + text, use_default_graph_as_union=True)
    return [tuple(term.value for term in solution) for solution in solutions]


def count(store: ox.Store, pattern: str) -> int:
    ((number,),) = query(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return int(number)


@pytest.mark.parametrize(
    ("class_", "table", "added"),
    [
        ("ptce:Pole", "poles", 0),
        ("ptce:Territory", "poles", 0),
        ("ptce:Participation", "memberships", 5),
        ("ptce:Cooperation", "cooperations", 0),
        ("ptce:Event", "events", 1),
        ("ptce:Call", "call-readings", 0),
        ("ptce:Recognition", "recognitions", 0),
        ("org:Organization", "actors", 1),
        ("dcterms:Location", "units", 0),
    ],
)
def test_there_are_as_many_things_as_rows_and_as_the_page_adds(
    store: ox.Store, class_: str, table: str, added: int
) -> None:
    assert count(store, f"?x a {class_}") == len(rows(table)) + added


def test_the_data_has_no_blank_node(store: ox.Store) -> None:
    assert not [quad for quad in store if ox.BlankNode in (type(quad.subject), type(quad.object))]


def test_every_thing_that_is_named_is_described(store: ox.Store) -> None:
    described = {quad.subject.value for quad in store}
    named = {quad.object.value for quad in store if isinstance(quad.object, ox.NamedNode)}
    # The agent's own description belongs to the catalogue.
    missing = {iri for iri in named - described if iri.startswith(THING)}
    assert missing == set()


def test_every_concept_that_is_named_stands_in_a_scheme(store: ox.Store) -> None:
    known = {
        quad.subject.value
        for path in (ROOT / "ontology" / "schemes").glob("*.ttl")
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    }
    concept = "https://w3id.org/ptce/concept/"
    used = {
        term.value
        for quad in store
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(concept)
    }
    assert used - known == set()


def test_a_thing_has_one_preferred_label_in_a_language(store: ox.Store) -> None:
    labels = {
        (quad.subject.value, quad.object.language, quad.object.value)
        for quad in store
        if quad.predicate.value == SKOS + "prefLabel" and isinstance(quad.object, ox.Literal)
    }
    many = Counter((iri, language) for iri, language, _ in labels)
    assert [key for key, number in many.items() if number > 1] == []


@pytest.mark.parametrize(
    "class_",
    [
        "ptce:Pole",
        "ptce:Territory",
        "ptce:Participation",
        "ptce:Cooperation",
        "ptce:Event",
        "ptce:Recognition",
        "ptce:StagePeriod",
        "ptce:IndicatorObservation",
        "ptce:Claim",
        "org:Organization",
    ],
)
def test_every_thing_leads_to_a_page_or_a_snapshot(store: ox.Store, class_: str) -> None:
    found = query(
        store,
        f"""SELECT ?x WHERE {{ ?x a {class_} FILTER NOT EXISTS {{
            ?x dcterms:source ?page . {{ ?page a foaf:Document }} UNION {{ ?page a ptce:Source }} }} }}""",
    )
    assert found == []


def test_every_claim_has_evidence_that_has_a_source(store: ox.Store) -> None:
    found = query(
        store,
        """SELECT ?x WHERE { ?x ptce:claimStatus ?status FILTER NOT EXISTS {
           ?x ptce:evidence ?e . ?e a oa:SpecificResource ; oa:hasSource ?page } }""",
    )
    assert found == []


def test_an_observation_has_each_of_its_parts_once(store: ox.Store) -> None:
    properties = (
        "sosa:hasFeatureOfInterest",
        "sosa:hasSimpleResult",
        "ptce:indicator",
        "ptce:unit",
        "ptce:precision",
    )
    total = count(store, "?x a ptce:IndicatorObservation")
    for name in properties:
        assert count(store, f"?x a ptce:IndicatorObservation ; {name} ?value") == total
        assert query(store, f"SELECT ?x WHERE {{ ?x {name} ?a , ?b FILTER(?a != ?b) }}") == []


def test_an_unqualified_figure_is_given_in_words_only(store: ox.Store) -> None:
    kind = "?x a ptce:Claim ; ptce:claimKind ckind:unqualified-figure"
    assert count(store, kind) > 0
    assert count(store, kind + " ; sosa:hasSimpleResult ?value") == 0


def test_a_pole_carries_no_identifier_of_its_support_structure(store: ox.Store) -> None:
    assert count(store, "?x a ptce:Pole , org:FormalOrganization") == 0
    assert count(store, "?x a ptce:Pole ; org:identifier ?i") == 0
    assert count(store, "?x ptce:supportStructure ?s FILTER NOT EXISTS { ?s a org:FormalOrganization }") == 0
    assert count(store, "?x ptce:supportStructure ?s") == len(rows("support-structures"))


def test_a_point_is_written_longitude_first(store: ox.Store) -> None:
    (point,) = query(
        store,
        """SELECT ?wkt WHERE { ?x skos:prefLabel "Dijon"@fr ; a igeo:Commune ;
           geo:hasDefaultGeometry/geo:asWKT ?wkt }""",
    )
    assert point == ("POINT(5.0139 47.3134)",)


def test_a_region_is_reached_from_a_pole_through_its_commune(store: ox.Store) -> None:
    regions = query(
        store,
        f"""SELECT ?label WHERE {{ <{THING}pole/neo56> ptce:territory/ptce:coversUnit/igeo:subdivisionDe+ ?r .
            ?r a igeo:Region ; skos:prefLabel ?label }}""",
    )
    assert regions == [("Bretagne",)]


def test_the_first_national_meeting_stays_one_event_over_all_sources(store: ox.Store) -> None:
    events = query(
        store,
        """SELECT DISTINCT ?e WHERE { ?e ptce:eventType evtype:national-meeting ; ptce:editionNumber 1 }""",
    )
    assert events == [(THING + "event/journee-nationale-1",)]


def test_witness_poles_known_by_name_belong_to_the_cohort(store: ox.Store) -> None:
    members = count(store, f"<{THING}cohort/witness-poles-2011> prov:hadMember ?x")
    assert members == count(store, "?r ptce:recognitionType rectype:witness-pole ; ptce:recognises ?x") >= 5


def test_a_year_a_month_and_a_day_keep_their_own_datatypes(store: ox.Store) -> None:
    found = query(store, "SELECT DISTINCT (DATATYPE(?d) AS ?t) WHERE { ?x ptce:startDate ?d } ORDER BY ?t")
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert found == [(xsd + "date",), (xsd + "gYear",), (xsd + "gYearMonth",)]


def test_a_graph_is_derived_from_a_source_with_licence_and_checksum(store: ox.Store) -> None:
    graphs = {name.value for name in store.named_graphs()} - {ADDRESSES.graph("catalog", "1")}
    assert len(graphs) == len(list((ROOT / "data" / "sources").glob("*/source.ttl")))
    found = query(
        store,
        """PREFIX pav: <http://purl.org/pav/>
           PREFIX spdx: <http://spdx.org/rdf/terms#>
           SELECT DISTINCT ?g WHERE { ?g prov:wasDerivedFrom ?s . ?s a ptce:Source ; dcterms:license ?l ;
           pav:retrievedFrom ?from ; pav:retrievedOn ?on ; spdx:checksum/spdx:checksumValue ?sum }""",
    )
    assert graphs <= {iri for (iri,) in found}


def test_the_documented_query_says_how_complete_each_call_is(store: ox.Store) -> None:
    page = (ROOT / "docs" / "reference" / "data.md").read_text(encoding="utf-8")
    documented = page.partition("```sparql\n")[2].partition("```")[0]
    solutions = store.query(documented, prefixes=FIXED_PREFIXES, use_default_graph_as_union=True)
    found = {tuple(term.value for term in solution) for solution in solutions}
    calls = THING + "call/"
    assert len(found) == 9
    assert {(calls + "aap-2013", "23"), (calls + "ami-2021", "15")} <= {(c, n) for c, n, _ in found}
    known = {call.removeprefix(calls): int(number) for call, _, number in found}
    assert known["aap-2013"] >= 22
    assert known["ami-2021"] == 15
    assert 7 <= known["ami-2021-phase-1"] < 107
