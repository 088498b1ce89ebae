"""SPARQL for one thing: what it says itself, and what its document holds (docs/explanation/descriptions.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ptce_lod import description_rule as rule
from ptce_lod import namespaces as ns

_LABELS: Final = (ns.SKOS + "prefLabel", ns.RDFS + "label", ns.DCTERMS + "title", ns.FOAF + "name")
_CITED: Final = (
    ns.SCHEMA + "url",
    ns.DCTERMS + "issued",
    ns.DCTERMS + "license",
    ns.DCTERMS + "rights",
    "http://purl.org/dc/elements/1.1/publisher",
    ns.PAV + "retrievedFrom",
    ns.PAV + "retrievedOn",
    ns.RDF + "type",
)


def own(iri: str) -> str:
    """Return the CONSTRUCT of the triples of ``iri`` itself."""
    return f"CONSTRUCT WHERE {{ <{iri}> ?p ?o }}"


def describe(iri: str) -> str:
    """Return the DESCRIBE of ``iri``, whatever the engine makes of that."""
    return f"DESCRIBE <{iri}>"


def content(iri: str, base: str, *, lateral: bool) -> str:
    """Return a CONSTRUCT of what the document of ``iri`` holds: dependants, incoming links, labels, sources and graphs, too.

    Sub-selects find each node once. ``lateral``: its triples are then read node by node by ``LATERAL`` (SEP-0006), without which oxigraph
    joins the nodes with all triples of the store. Of several labelling properties it takes all, where a document takes the first.
    """
    owned = "|".join(_terms(sorted(rule.OWNED)))
    pointing = "|".join(_terms(rule.DEFINING))
    labels, cited = (", ".join(_terms(names)) for names in ((*_LABELS, ns.PTCE + "actorType"), _CITED))
    join = "LATERAL" if lateral else ""
    nodes = f"<{iri}> (^({pointing}))?/({owned})* ?node"
    stating = (
        f"{{ {nodes} . GRAPH ?graph {{ ?node ?q ?v }} }} UNION {{ GRAPH ?graph {{ ?pointing ?q <{iri}> }} }}"
    )
    graphs = f"{{ SELECT DISTINCT ?graph WHERE {{ {stating} }} }}"
    said_of_graphs = f"""{graphs} {join} {{
      GRAPH ?catalogue {{ ?graph ?gp ?go }}
      FILTER(?catalogue != ?graph && (?gp != <{ns.PROV}wasDerivedFrom> || !STRSTARTS(STR(?go), "{base}graph/")))
    }}"""
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ {{ SELECT DISTINCT (?node AS ?s) WHERE {{ {nodes} }} }} {join} {{ ?s ?p ?o }} }}
  UNION {{ ?s ?p <{iri}> BIND(<{iri}> AS ?o) }}
  UNION {{ {said_of_graphs} BIND(?graph AS ?s) BIND(?gp AS ?p) BIND(?go AS ?o) }}
  UNION {{
    {{ SELECT DISTINCT ?s WHERE {{
      {{ {nodes} . ?node ?q ?s }} UNION {{ ?s ?q <{iri}> }} UNION {{ {said_of_graphs} BIND(?go AS ?s) }}
      FILTER(isIRI(?s))
    }} }}
    {join} {{
      ?s ?p ?o
      FILTER(?p IN ({labels}) || (STRSTARTS(STR(?s), "{base}id/source/") && ?p IN ({cited})))
    }}
  }}
}}"""


def _terms(iris: Iterable[str]) -> list[str]:
    return [f"<{iri}>" for iri in iris]
