"""Make and refresh source folders: what ``new-source`` does. The files are meant to be read and completed by a person."""

from __future__ import annotations

import csv
import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import MappingError, SourceUnavailable
from ptce_lod.ingest.cells import partial_date_datatype
from ptce_lod.ingest.csvw import METADATA_SUFFIX
from ptce_lod.ingest.source import MAPPING_FILE, SOURCE_FILE, file_sha256
from ptce_lod.iris import SLUG
from ptce_lod.licences import DATA

_CHECKSUM: Final = re.compile(r'(spdx:checksumValue\s+")[0-9a-fA-F]*(")')
_RETRIEVED: Final = re.compile(r'(pav:retrievedOn\s+")[^"]*(")')

_SOURCE: Final = """\
# Where {id} comes from. Complete every line; the checksum is written by `ptce-lod new-source --refresh {id}`.
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix pav: <http://purl.org/pav/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<> a ptce:Source ;
  dcterms:title "{id}"@fr , "{id}"@en ;
  dcterms:description "À décrire."@fr , "To be described."@en ;
  pav:retrievedFrom <https://example.org/{id}> ;
  pav:retrievedOn "{date}T00:00:00Z"^^xsd:dateTime ;
  dcterms:license <{licence}> ;
  spdx:checksum <#checksum> .
<#checksum> a spdx:Checksum ;
  spdx:algorithm spdx:checksumAlgorithm_sha256 ;
  spdx:checksumValue "{sha256}"^^xsd:hexBinary .
"""
_MAPPING: Final = """\
# Cells of {table} → quads. docs/reference/mapping.md describes the language.
table = "{table}"

[[node]]
iri = "thing:document/{{{first}|slug}}"
class = ["foaf:Document"]
[[node.statement]]
predicate = "dcterms:title"
value = "{{{first}}}"
language = "fr"
"""
_README: Final = """\
# {id}

Ce que c'est, d'où cela vient, ce qui est fragile.

What it is, where it comes from, what is weak.
"""
_GRAPH: Final = """\
# Facts of {id}; relative IRIs are things: <pole/x>.
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def create(folder: Path, table: Path | None, date: str | None) -> list[Path]:
    """Make a source folder for a table, or for Turtle when ``table`` is None; return the files written.

    Raises :class:`MappingError` when the folder exists, or the table has no header.
    """
    if folder.exists():
        raise MappingError(
            f"{folder}: is there already",
            hint=f"`ptce-lod new-source --refresh {folder.name}` renews its checksum",
        )
    day = _day(date)
    header = _header(table) if table is not None else []
    folder.mkdir(parents=True)
    if table is not None:
        snapshot = folder / table.name
        shutil.copyfile(table, snapshot)
        metadata = snapshot.with_name(snapshot.name + METADATA_SUFFIX)
        text = json.dumps(_metadata(snapshot.name, header), ensure_ascii=False, indent=2) + "\n"
        metadata.write_text(text, encoding="utf-8")
        mapping = folder / MAPPING_FILE
        mapping.write_text(_MAPPING.format(table=snapshot.name, first=header[0]), encoding="utf-8")
        written = [snapshot, metadata, mapping]
    else:
        snapshot = folder / f"{folder.name}.ttl"
        snapshot.write_text(_GRAPH.format(id=folder.name), encoding="utf-8")
        written = [snapshot]
    source, readme = folder / SOURCE_FILE, folder / "README.md"
    source.write_text(
        _SOURCE.format(id=folder.name, date=day, licence=DATA.iri, sha256=file_sha256(snapshot)),
        encoding="utf-8",
    )
    readme.write_text(_README.format(id=folder.name), encoding="utf-8")
    return [*written, source, readme]


def check_id(name: str) -> None:
    """Raise :class:`MappingError` when a name is none for a source."""
    if not SLUG.fullmatch(name):
        raise MappingError(f"{name!r} cannot name a source: use lower-case letters, digits and hyphens")


def _header(table: Path) -> list[str]:
    try:
        with table.open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailable(f"{table}: cannot be read as UTF-8 ({error})") from error
    if not header or not all(header):
        raise MappingError(f"{table}: has no header line that names every column")
    return header


def _metadata(name: str, header: list[str]) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"language": "fr"}],
        "url": name,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\n"]},
        "tableSchema": {
            "columns": [
                {
                    "name": column,
                    "titles": column,
                    "datatype": "string",
                    **({"required": True} if i == 0 else {}),
                }
                for i, column in enumerate(header)
            ],
            "primaryKey": header[0],
        },
    }


def _day(date: str | None) -> str:
    day = date or datetime.datetime.now(datetime.UTC).date().isoformat()
    try:
        if not partial_date_datatype(day).endswith("#date"):
            raise ValueError(f"{day!r} is not a whole date")
    except ValueError as error:
        raise MappingError(f"--date: {error}") from None
    return day


def refresh(folder: Path, date: str | None) -> str:
    """Write the snapshot's checksum and the date of retrieval into ``source.ttl``; return the checksum."""
    path = folder / SOURCE_FILE
    snapshots = sorted(folder.glob("*.csv")) or [
        p for p in sorted(folder.glob("*.ttl")) if p.name != SOURCE_FILE
    ]
    if not path.is_file() or not snapshots:
        raise SourceUnavailable(f"{folder}: is no source folder")
    checksum = file_sha256(snapshots[0])
    text = path.read_text(encoding="utf-8")
    if "dcterms:extent" in text:
        raise MappingError(
            f"{path}: the checksum is that of a text outside the project",
            hint="write the new text's SHA-256 and extent by hand",
        )
    text, checksums = _CHECKSUM.subn(rf"\g<1>{checksum}\g<2>", text)
    text, dates = _RETRIEVED.subn(rf"\g<1>{_day(date)}T00:00:00Z\g<2>", text)
    if checksums != 1 or dates != 1:
        raise MappingError(
            f"{path}: expected one spdx:checksumValue and one pav:retrievedOn, found {checksums} and {dates}"
        )
    path.write_text(text, encoding="utf-8")
    return checksum
