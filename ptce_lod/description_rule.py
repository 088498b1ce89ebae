"""Which nodes belong to the description of a thing: the rule of docs/explanation/descriptions.md, for who writes or dates them."""

from __future__ import annotations

from typing import Final

from ptce_lod import namespaces as ns

#: Properties whose subject exists only to describe the object: subject and its properties belong to the object's document.
DEFINING: Final = (
    ns.ORG + "organization",
    ns.ORG + "member",
    ns.PTCE + "recognises",
    ns.PTCE + "underCall",
    ns.PTCE + "stageOf",
    ns.SOSA + "hasFeatureOfInterest",
    ns.PTCE + "claimSubject",
    ns.PTCE + "claimObject",
    ns.PTCE + "compares",
    ns.PTCE + "forPole",
    ns.PTCE + "toCall",
    ns.PTCE + "pooledIn",
    ns.PTCE + "party",
    ns.PTCE + "withinPole",
    ns.OA + "hasSource",
)
#: Properties whose object exists only to describe the subject, or says where the subject is.
OWNED: Final = frozenset(
    {
        ns.GEO + "hasDefaultGeometry",
        ns.GEO + "hasGeometry",
        ns.SPDX + "checksum",
        ns.OA + "hasSelector",
        ns.PTCE + "evidence",
        ns.PTCE + "hasStagePeriod",
        ns.PTCE + "territory",
        ns.PTCE + "coversUnit",
        ns.SCHEMA + "location",
        ns.PTCE + "amount",
        ns.SH + "declare",
    }
)
#: The document of a scheme holds its concepts.
IN_SCHEME: Final = ns.SKOS + "inScheme"
#: Documents that say a whole graph, blank nodes and terms of other vocabularies included: IRI → the graph's name.
WHOLE_GRAPHS: Final = {ns.ONTOLOGY: "vocabulary", ns.SHAPES_DOCUMENT: "shapes"}
