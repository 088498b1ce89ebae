"""The tests of the W3C's SPARQL suites, as their manifests list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conftest import PROJECT

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
DAWGT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")

SUITES_FOLDER: Final = PROJECT / "tests" / "suites"
#: Where the suites' files are published → where they lie here. Relative IRIs of manifests, queries and data are read against the first.
PLACES: Final = {
    "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/": SUITES_FOLDER / "sparql11",
    "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/": SUITES_FOLDER / "sparql10",
}
_SPARQL11, _SPARQL10 = PLACES
#: Our name of a suite → its manifest.
MANIFESTS: Final = {
    "SPARQL 1.1 Query Language": f"{_SPARQL11}manifest-sparql11-query.ttl",
    "SPARQL 1.1 Query Results CSV, TSV and JSON": f"{_SPARQL11}manifest-sparql11-results.ttl",
    "SPARQL 1.1 Update": f"{_SPARQL11}manifest-sparql11-update.ttl",
    "SPARQL 1.1 Protocol": f"{_SPARQL11}protocol/manifest.ttl",
    "SPARQL 1.1 Graph Store HTTP Protocol": f"{_SPARQL11}graph-store-protocol/manifest.ttl",
    "SPARQL 1.1 Service Description": f"{_SPARQL11}service-description/manifest.ttl",
    "SPARQL 1.0 evaluation": f"{_SPARQL10}manifest-evaluation.ttl",
    "SPARQL 1.0 syntax": f"{_SPARQL10}manifest-syntax.ttl",
}
#: The suites of queries: what they ask is in a query's text and data.
QUERY_SUITES: Final = (
    "SPARQL 1.1 Query Language",
    "SPARQL 1.1 Query Results CSV, TSV and JSON",
    "SPARQL 1.0 evaluation",
    "SPARQL 1.0 syntax",
)
#: Tests of these states do not count.
_NOT_COUNTED: Final = {DAWGT.Withdrawn, DAWGT.Deprecated, DAWGT.Rejected}


@dataclass(frozen=True)
class Test:
    """One entry of a manifest."""

    __test__ = False  # for pytest: not a class of tests

    iri: str
    kind: str
    manifest: Graph

    @property
    def node(self) -> URIRef:
        return URIRef(self.iri)

    @property
    def id(self) -> str:
        """Folder and local name, for a test's id: ``aggregates/agg01``."""
        folder, _, name = self.iri.removesuffix("/manifest").rpartition("/manifest#")
        return f"{folder.rpartition('/')[2]}/{name}"

    @property
    def action(self) -> Node:
        return self.one(self.node, MF.action)

    @property
    def result(self) -> Node | None:
        return self.manifest.value(self.node, MF.result)

    def one(self, subject: Node, predicate: URIRef) -> Node:
        """Return the only object; a manifest without it is broken."""
        found = self.manifest.value(subject, predicate, any=False)
        assert found is not None, f"{self.iri} has no {predicate}"
        return found


def local_path(iri: str) -> Path:
    """Return where the file lies that is published as ``iri``."""
    for base, folder in PLACES.items():
        if iri.startswith(base):
            return folder / iri.removeprefix(base)
    raise ValueError(f"{iri} belongs to none of the suites")


def is_ours(iri: str) -> bool:
    """Say whether ``iri`` is a file of a suite."""
    return any(iri.startswith(base) for base in PLACES) and local_path(iri).is_file()


@cache
def entries(suite: str) -> tuple[Test, ...]:
    """Return the tests of a suite that count, in the manifests' order."""
    return tuple(_tests(MANIFESTS[suite]))


def _tests(manifest_iri: str) -> Iterator[Test]:
    manifest = Graph().parse(local_path(manifest_iri), publicID=manifest_iri, format="turtle")
    for included in manifest.objects(None, MF.include):
        for iri in Collection(manifest, included):
            yield from _tests(str(iri))
    for entries in manifest.objects(None, MF.entries):
        for entry in Collection(manifest, entries):
            if manifest.value(entry, DAWGT.approval) not in _NOT_COUNTED:
                kind = manifest.value(entry, RDF.type)
                yield Test(str(entry), str(kind).removeprefix(str(MF)), manifest)


def graphs(test: Test, node: Node, vocabulary: Namespace) -> tuple[list[str], dict[str, str]]:
    """Return the files of the default graph, and graph IRI → file of the named graphs, that ``node`` lists."""
    manifest = test.manifest
    default = [str(file) for file in manifest.objects(node, vocabulary["data"])]
    named = {}
    for data in manifest.objects(node, vocabulary["graphData"]):
        file = manifest.value(data, UT.graph)
        named[str(manifest.value(data, RDFS.label) if file else data)] = str(file or data)
    return default, named
