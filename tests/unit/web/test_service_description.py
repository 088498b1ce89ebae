from __future__ import annotations

import rdflib
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, Literal, URIRef

from ptce_lod.settings import Settings
from ptce_lod.web.service_description import LIMITS

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SCHEMA = rdflib.Namespace("https://schema.org/")


def graph(client: FlaskClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get("/sparql").text, format="turtle")


def test_every_limit_stands_there_with_value_and_unit(client: FlaskClient, site_settings: Settings) -> None:
    found = graph(client)
    service = URIRef(f"{site_settings.base_iri}sparql")
    values = {}
    for limit in found.objects(service, SCHEMA.additionalProperty):
        name, value = found.value(limit, SCHEMA.propertyID), found.value(limit, SCHEMA.value)
        assert isinstance(value, Literal)
        values[str(name)] = value.toPython()
        assert found.value(limit, SCHEMA.unitText)
        assert {
            label.language for label in found.objects(limit, SCHEMA.name) if isinstance(label, Literal)
        } == {"fr", "en"}
    assert values == {name: getattr(site_settings, name) for name in LIMITS if getattr(site_settings, name)}


def test_the_dataset_its_graphs_and_their_sizes_are_told(
    client: FlaskClient, site_settings: Settings
) -> None:
    found = graph(client)
    names = {str(name) for name in found.objects(None, SD.name)}
    assert f"{site_settings.base_iri}graph/facts/2026-11-22" in names
    assert len(list(found.objects(None, URIRef("http://rdfs.org/ns/void#triples")))) == len(names)
    assert (None, SD.feature, SD.UnionDefaultGraph) in found
    assert (None, SD.supportedLanguage, SD.SPARQL11Query) in found
    assert (None, SD.supportedLanguage, SD.SPARQL11Update) not in found
    assert (None, SD.defaultEntailmentRegime, URIRef("http://www.w3.org/ns/entailment/Simple")) in found


def test_extension_functions_are_told(client: FlaskClient) -> None:
    found = graph(client)
    functions = set(found.objects(None, SD.extensionFunction))
    assert URIRef("https://w3id.org/ptce/function#score") in functions
    assert URIRef("http://www.opengis.net/def/function/geosparql/distance") in functions
    assert all((function, RDF.type, SD.Function) in found for function in functions)
    assert (URIRef("https://w3id.org/ptce/function#score"), RDFS.label, None) in found
    assert not [node for node in found.all_nodes() if isinstance(node, rdflib.BNode)]


def test_the_description_leads_to_void_and_catalogue(client: FlaskClient, site_settings: Settings) -> None:
    response = client.get("/sparql")
    for path in (".well-known/void", "catalog"):
        assert f"<{site_settings.base_iri}{path}>" in response.headers["Link"]
        assert (
            URIRef(f"{site_settings.base_iri}sparql"),
            RDFS.seeAlso,
            URIRef(f"{site_settings.base_iri}{path}"),
        ) in graph(client)
