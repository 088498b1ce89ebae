"""A small source folder to break in one place at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ptce_lod.ingest import source
from ptce_lod.iris import AddressSpace

HEADER = "id,name,latitude,founded,members,code,sectors,url"
GOOD = (
    "pole-a,Pôle A,45.05,2014-02-28,25,26281,food;wool,https://example.org/a",
    "pole-b,L'Île « B »,,2013,,,,",
)
METADATA: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "table.csv",
    "dialect": {"lineTerminators": ["\n"]},
    "tableSchema": {
        "columns": [
            {
                "name": "id",
                "required": True,
                "datatype": {
                    "base": "string",
                    "format": "[a-z0-9]+(-[a-z0-9]+)*",
                    "dc:description": "a slug like pole-a",
                },
            },
            {"name": "name", "required": True},
            {"name": "latitude", "datatype": {"base": "decimal", "minimum": -90, "maximum": 90}},
            {
                "name": "founded",
                "datatype": {"base": "string", "@id": "https://w3id.org/ptce/datatype/partial-date"},
            },
            {"name": "members", "datatype": {"base": "nonNegativeInteger"}},
            {
                "name": "code",
                "datatype": {
                    "base": "string",
                    "format": "[0-9AB]{5}",
                    "dc:description": "an INSEE code of 5 characters",
                },
            },
            {"name": "sectors", "separator": ";"},
            {"name": "url", "datatype": "anyURI"},
        ],
        "primaryKey": "id",
        "foreignKeys": [
            {
                "columnReference": "sectors",
                "reference": {"resource": "../sectors.csv", "columnReference": "id"},
            }
        ],
    },
}
MAPPING = """
table = "table.csv"
[[node]]
iri = "thing:pole/{id}"
class = ["ptce:Pole"]
[[node.statement]]
predicate = "skos:prefLabel"
value = "{name}"
language = "fr"
[[node.statement]]
predicate = "ptce:startDate"
value = "{founded}"
datatype = "partial-date"
[[node.statement]]
predicate = "ptce:sector"
iri = "concept:activity/{sectors}"
[[node.statement]]
predicate = "foaf:page"
iri = "{url}"
"""
SOURCE = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix pav: <http://purl.org/pav/> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a <https://w3id.org/ptce/ns#Source> ; dcterms:title "Essai"@fr , "Trial"@en ;
  pav:retrievedOn "2026-11-22T00:00:00Z"^^xsd:dateTime ; spdx:checksum <#checksum> .
<#checksum> a spdx:Checksum ; spdx:checksumValue "{sha256}"^^xsd:hexBinary .
"""
ADDRESSES = AddressSpace("http://127.0.0.1:8000/")

MakeSource = Callable[..., Path]


@pytest.fixture
def make_source(tmp_path: Path) -> MakeSource:
    """Make a source folder from a header, rows or raw bytes; everything else is sound."""

    def make(
        *rows: str,
        header: str = HEADER,
        raw: bytes | None = None,
        mapping: str = MAPPING,
        metadata: object = METADATA,
    ) -> Path:
        folder = tmp_path / "sources" / "trial"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sources" / "sectors.csv").write_text("id\nfood\nwool\n", encoding="utf-8")
        data = raw if raw is not None else ("\n".join([header, *rows]) + "\n").encode()
        (folder / "table.csv").write_bytes(data)
        (folder / "table.csv-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
        text = SOURCE.replace("{sha256}", hashlib.sha256(data).hexdigest())
        (folder / "source.ttl").write_text(text, encoding="utf-8")
        return folder

    return make


def read(folder: Path) -> list[str]:
    """Return the quads of a folder as lines."""
    return list(source.quads(source.open_source(folder, ADDRESSES), ADDRESSES))
