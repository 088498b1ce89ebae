"""A file of a release as ``dcat:Distribution``, with its size and checksums (DCAT 3, section 6.8; SPDX; schema.org)."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from ptce_lod.formats import GRAPHML
from ptce_lod.namespaces import DCAT, DCTERMS, ONTOLOGY, RDF, SCHEMA, SPDX
from ptce_lod.release.catalog.facts import Entry, File
from ptce_lod.release.catalog.writer import AVAILABILITY, EU, IANA, STABLE, Writer
from ptce_lod.release.dumps import CODINGS

#: What the tables conform to: "Model for Tabular Data and Metadata on the Web".
_TABULAR: Final = "https://www.w3.org/TR/tabular-data-model/"
#: What the network conforms to: the namespace of GraphML.
_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"


def state_distribution(w: Writer, dataset: str, url: str, entry: Entry, file: File) -> None:
    """State the ``file`` at ``url`` as a distribution of ``dataset``, which ``entry`` describes."""
    distribution, checksum = f"{url}#distribution", f"{url}#checksum"
    coding = f" ({file.coding})" if file.coding else ""
    about = file.title or entry.title
    w.add(dataset, DCAT + "distribution", distribution)
    w.add(distribution, RDF + "type", DCAT + "Distribution")
    w.both(
        distribution,
        DCTERMS + "title",
        (
            f"{about[0]} : {file.format.label}{coding}",
            f"{about[1]}: {file.format.label}{coding}",
        ),
    )
    w.both(
        distribution,
        DCTERMS + "description",
        (
            f"{file.format.label}, avec ses sommes de contrôle SHA-256 et SHA-512.",
            f"{file.format.label}, with its SHA-256 and SHA-512 checksums.",
        ),
    )
    w.add(distribution, DCAT + "accessURL", url)
    w.add(distribution, DCAT + "downloadURL", url)
    w.add(distribution, DCAT + "mediaType", IANA + file.format.media_type)
    w.add(distribution, DCTERMS + "format", f"{EU}file-type/{file.format.file_type}")
    if file.coding:
        w.add(distribution, DCAT + "compressFormat", IANA + CODINGS[file.coding])
    w.add(distribution, DCTERMS + "license", entry.licence.iri)
    w.add(distribution, DCTERMS + "rights", entry.licence.spdx)
    w.add(distribution, f"{DCTERMS}conformsTo", _standard(file))
    for language in ("FRA", "ENG"):
        w.add(distribution, DCTERMS + "language", f"{EU}language/{language}")
    w.add(distribution, AVAILABILITY, STABLE)
    dated = file.dated or entry.dated
    w.moment(distribution, DCTERMS + "issued", dated.issued)
    w.moment(distribution, DCTERMS + "modified", dated.modified)
    w.typed(distribution, DCAT + "byteSize", str(file.size), "nonNegativeInteger")
    w.add(distribution, SCHEMA + "sha256", ox.Literal(file.sha256))
    if file.sha512:
        # Not SHA-256: of that udata 17 (data.gouv.fr) wants the value as plain text and refuses the whole dataset for an xsd:hexBinary,
        # which is what DCAT-AP 3 wants. Of a SHA-512 it takes no notice.
        w.add(distribution, SPDX + "checksum", checksum)
        w.add(checksum, RDF + "type", SPDX + "Checksum")
        w.add(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha512")
        w.typed(checksum, SPDX + "checksumValue", file.sha512, "hexBinary")


def _standard(file: File) -> str:
    if file.table:
        return _TABULAR
    return _GRAPHML if file.format is GRAPHML else ONTOLOGY
