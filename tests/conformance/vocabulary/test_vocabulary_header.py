"""The ontology's header: FOOPS tests that need no outside registration, LOV's rules, WIDOCO's recommended metadata.

Left to a deposit or registration: FOOPS PURL1 and the DOI of OM3 (a resolvable address), FIND2 and FIND3 (prefix.cc and LOV).
URI1, RDF1, CN1, DOC1 and VER2 ask a server: the tests of the site do.
"""

from __future__ import annotations

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, VANN, XSD, Graph, Literal, Namespace, URIRef
from vocabulary_files import ONTOLOGY

IRI = URIRef("https://w3id.org/ptce/ns")
BIBO = Namespace("http://purl.org/ontology/bibo/")
VOAF = Namespace("http://purl.org/vocommons/voaf#")
FIRST_VERSION = "0.1.0"


def test_uri2_the_file_declares_one_ontology_with_the_published_iri(ontology: Graph) -> None:
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [IRI]


def test_http1_and_purl1_all_addresses_of_ours_are_https_and_permanent(ontology: Graph) -> None:
    ours = {
        str(t)
        for triple in ontology
        for t in triple
        if isinstance(t, URIRef) and "ptce" in str(t) and "w3id" in str(t)
    }
    assert ours
    assert all(iri.startswith("https://w3id.org/ptce/") for iri in ours)


def test_ver1_the_version_iri_differs_from_the_ontology_and_ends_in_the_version(ontology: Graph) -> None:
    assert ontology.value(IRI, OWL.versionIRI) == URIRef(f"{IRI}/{ontology.value(IRI, OWL.versionInfo)}")


TEXTS = {
    "title": DCTERMS.title,
    "label": RDFS.label,
    "abstract": DCTERMS.abstract,
    "description": DCTERMS.description,
}


@pytest.mark.parametrize("predicate", TEXTS.values(), ids=TEXTS)
def test_om1_and_widoco_texts_come_in_french_and_english(ontology: Graph, predicate: URIRef) -> None:
    assert sorted(o.language for o in ontology.objects(IRI, predicate) if isinstance(o, Literal)) == [
        "en",
        "fr",
    ]


IRIS = {
    "om1 creator": DCTERMS.creator,
    "om2 contributor": DCTERMS.contributor,
    "om3 publisher": DCTERMS.publisher,
    "om3 source": DCTERMS.source,
    "om3 status": BIBO.status,
    "om3 logo": FOAF.logo,
    "om4 licence": DCTERMS.license,
    "lov specializes": VOAF.specializes,
    "lov relies on": VOAF.reliesOn,
    "widoco see also": RDFS.seeAlso,
}


@pytest.mark.parametrize("predicate", IRIS.values(), ids=IRIS)
def test_foops_lov_and_widoco_metadata_are_addresses(ontology: Graph, predicate: URIRef) -> None:
    values = list(ontology.objects(IRI, predicate))
    assert values
    assert all(isinstance(value, URIRef) for value in values)


def test_om4_the_licence_is_creative_commons_attribution_4(ontology: Graph) -> None:
    assert list(ontology.objects(IRI, DCTERMS.license)) == [
        URIRef("https://creativecommons.org/licenses/by/4.0/")
    ]


@pytest.mark.parametrize("predicate", [DCTERMS.created, DCTERMS.issued, DCTERMS.modified])
def test_om2_and_om5_dates_are_given_once_as_dates(ontology: Graph, predicate: URIRef) -> None:
    (value,) = ontology.objects(IRI, predicate)
    assert isinstance(value, Literal)
    assert value.datatype == XSD.date


def test_om2_a_citation_names_version_and_address(ontology: Graph) -> None:
    version = str(ontology.value(IRI, OWL.versionInfo))
    for citation in ontology.objects(IRI, DCTERMS.bibliographicCitation):
        assert version in citation
        assert str(ontology.value(IRI, OWL.versionIRI)) in citation


def test_find1_the_preferred_prefix_belongs_to_the_namespace_of_the_terms(ontology: Graph) -> None:
    assert str(ontology.value(IRI, VANN.preferredNamespacePrefix)) == "ptce"
    assert str(ontology.value(IRI, VANN.preferredNamespaceUri)) == f"{IRI}#"


def test_lov_the_ontology_says_it_is_a_vocabulary(ontology: Graph) -> None:
    assert (IRI, RDF.type, VOAF.Vocabulary) in ontology


def test_lov_the_responsible_agent_is_named(ontology: Graph) -> None:
    agent = ontology.value(IRI, DCTERMS.creator)
    assert str(ontology.value(agent, FOAF.name)) == "PTCE-LOD project"


def test_widoco_only_the_first_version_has_no_prior_one(ontology: Graph) -> None:
    prior = ontology.value(IRI, OWL.priorVersion)
    if str(ontology.value(IRI, OWL.versionInfo)) == FIRST_VERSION:
        assert prior is None, "a prior version of the first version would be invented"
    else:
        assert isinstance(prior, URIRef)


def test_the_changelog_speaks_of_the_version(ontology: Graph) -> None:
    version = ontology.value(IRI, OWL.versionInfo)
    assert f"## {version} (" in (ONTOLOGY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_voc1_and_voc2_standard_metadata_and_outside_terms_are_reused(
    ontology: Graph, terms: list[URIRef]
) -> None:
    supers = {o for t in terms for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in ontology.objects(t, p)}
    outside = {str(o) for o in supers if not str(o).startswith("https://w3id.org/ptce/")}
    assert len(outside) >= 10
