"""Write what a snapshot says as a source folder, ``data/sources/wiki-{id}``: the whole folder or the former one.

The texts stay in ``var``: what is published are values, titles, checksums and places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ptce_lod.errors import SourceUnavailable
from ptce_lod.folders import whole
from ptce_lod.namespaces import XSD
from ptce_lod.terms import iri_term, literal_term
from ptce_lod.wiki.about import Decided, Known
from ptce_lod.wiki.config import WikiConfig
from ptce_lod.wiki.prefixes import prefixes_of
from ptce_lod.wiki.snapshot import Snapshot
from ptce_lod.wiki.statements import Read, Reader
from ptce_lod.wiki.trust import is_web_address, wrong_article
from ptce_lod.wiki.turtle import bracketed, sound_lines

_SOURCE: Final = """\
# Where the pages of this wiki were read, and when. Written by `ptce-lod wiki pull {id}`.
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix pav: <http://purl.org/pav/> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<> a ptce:Source ;
    dcterms:title {title_fr} , {title_en} ;
    dcterms:description "Ce que disent les pages d'un wiki, sans leurs phrases : valeurs, liens, positions dans des textes identifiés."@fr ,
        "What the pages of a wiki say, without their sentences: values, links, places in texts that are identified."@en ;
    pav:retrievedFrom {retrieved_from} ;
    pav:retrievedOn {retrieved} ;
    {rights}
    spdx:checksum <#checksum> .

<#checksum> a spdx:Checksum ;
    spdx:algorithm spdx:checksumAlgorithm_sha256 ;
    spdx:checksumValue "{sha256}"^^xsd:hexBinary .
"""
_README: Final = """\
# {title_fr} · {title_en}

**Français.** Lu par `ptce-lod wiki pull {id}` : {pages} pages, dont {things} décrivent une de nos choses.
Les textes n'entrent pas dans le projet. Ce que les pages veulent dire est déclaré dans `wiki/mappings/{id}.toml` ;
ne modifiez pas ce dossier, il est écrit à chaque lecture.

**English.** Read by `ptce-lod wiki pull {id}`: {pages} pages, {things} of them about a thing of ours.
The texts do not enter the project. What the pages mean is declared in `wiki/mappings/{id}.toml`;
do not edit this folder, each reading writes it anew.
"""


def reader_of(
    config: WikiConfig,
    snapshot: Snapshot,
    decided: Decided = MappingProxyType({}),
    known: Known | None = None,
    taken: Collection[str] = (),
) -> Reader:
    """Return a reader that knows which page is about which thing, by the mapping and by what was ``decided`` on single pages.

    ``known`` says which things there are; without it, every one is believed. ``taken`` is what :func:`taken_elsewhere` returns.
    """
    sites: dict[str, Any] = snapshot.about["sites"]
    licences = {language: config.licence or about["licence_url"] for language, about in sites.items()}
    kept = {language: url for language, url in licences.items() if is_web_address(url)}
    for language, about in sites.items():
        if about["article"] and (wrong := wrong_article(about["article"])):
            raise SourceUnavailable(
                f"{snapshot.path}: the address of pages ({language}) {wrong}",
                hint="pull anew; if it is still wrong, write article in the [[site]] of the mapping",
            )
    reader = Reader(
        config,
        snapshot.about["retrieved"],
        kept,
        {name: about["article"] for name, about in sites.items()},
        {name: prefixes_of(about) for name, about in sites.items()},
        known,
        taken,
    )
    reader.know(snapshot.records(), decided)
    return reader


def read_snapshot(
    config: WikiConfig,
    snapshot: Snapshot,
    decided: Decided = MappingProxyType({}),
    known: Known | None = None,
    taken: Collection[str] = (),
) -> Read:
    """Read every page of a snapshot by the mapping, and by what was ``decided`` on single pages; the rest as of :func:`reader_of`."""
    reader = reader_of(config, snapshot, decided, known, taken)
    for record in snapshot.records():
        reader.page(record)
    return reader.read


def taken_elsewhere(data_dir: Path, wiki_id: str) -> frozenset[str]:
    """Return the names that sources of other mappings gave to their records of pages, such as ``source/wiki-example-0123456789``.

    Two mappings may read one page at different times: what each says of its reading, as the checksum, must not be said of one record.
    """
    own = f"wiki-{wiki_id}"
    return frozenset(
        name
        for folder in data_dir.glob("wiki-*")
        if folder.name != own
        for path in folder.glob(f"{folder.name}.ttl")
        for name in _records(path)
    )


def _records(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if line.startswith("<source/"):
                yield line[1:].partition(">")[0]


def write_source(config: WikiConfig, snapshot: Snapshot, read: Read, data_dir: Path) -> Path:
    """Write the source folder of a wiki in place of the former one, in one step; return it."""
    folder = data_dir / f"wiki-{config.wiki_id}"
    with whole(folder, "source.ttl") as made:
        digest = _write_lines(made / f"{folder.name}.ttl", read)
        (made / "source.ttl").write_text(_about(config, snapshot, digest), encoding="utf-8")
        words = {"id": config.wiki_id, "pages": read.pages, "things": len(read.things)}
        titles = {f"title_{language}": config.title[language] for language in ("fr", "en")}
        (made / "README.md").write_text(_README.format(**words, **titles), encoding="utf-8")
    return folder


def _write_lines(path: Path, read: Read) -> str:
    """Write what was read; return its SHA-256. What no build would read is left out and becomes a problem."""
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for line in sound_lines(sorted(read.lines), path.name, read.problems):
            data = f"{line}\n".encode()
            digest.update(data)
            stream.write(data)
    return digest.hexdigest()


def _about(config: WikiConfig, snapshot: Snapshot, sha256: str) -> str:
    sites: dict[str, Any] = snapshot.about["sites"]
    first = next(iter(sites.values()))
    address = first.get("api") or first["article"].replace("$1", "")
    licence = config.licence or first["licence_url"]
    rights = [f"dcterms:license {iri_term(licence)} ;"] if is_web_address(licence) else []
    if first["licence_text"]:
        rights.append(f"dcterms:rights {bracketed(literal_term(first['licence_text']))} ;")
    if not rights:
        rights.append(
            'dcterms:rights "Le wiki ne dit pas sa licence."@fr , "The wiki does not state its licence."@en ;'
        )
    return _SOURCE.format(
        id=config.wiki_id,
        title_fr=literal_term(config.title["fr"], language="fr"),
        title_en=literal_term(config.title["en"], language="en"),
        retrieved_from=iri_term(address),
        retrieved=literal_term(snapshot.about["retrieved"], datatype=XSD + "dateTime"),
        rights="\n    ".join(rights),
        sha256=sha256,
    )
