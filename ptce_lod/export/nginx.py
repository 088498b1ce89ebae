"""An nginx configuration under which the files of an exported site are negotiated as the server negotiates.

nginx compares texts. So each ``Accept`` that a known client sends is asked of the server itself, for one address of each kind, and the
answers are written down; any other is answered by its weights (``weights.py``), and what each kind offers is asked of the server, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ptce_lod.export import template, weights
from ptce_lod.export.errors import FOLDER, FORMER, KINDS
from ptce_lod.export.reader import DESCRIBED, LINKSET_FORMATS, LINKSETS, MARK, Moved, SiteReader
from ptce_lod.export.weights import Offer
from ptce_lod.formats import (
    ATOM,
    GEOJSON,
    GRAPHML,
    HTML,
    JSON,
    N3,
    PARQUET,
    RDF_ANSWERS,
    RDF_FORMATS,
    XLSX,
    Format,
)
from ptce_lod.web import cards
from ptce_lod.web.headers import CACHE_CURRENT, CACHE_FOREVER, POLICY
from ptce_lod.web.problems import OFFERS, PROBLEM_JSON

_ACCEPTS: Final = Path(__file__).parent / "accepts.txt"
#: Pattern of the addresses that begin those of things and documents.
BEGINNINGS: Final = "(doc|id)/?"
#: What an address of the site may be negotiated into.
_DESCRIBING: Final = (HTML, *RDF_ANSWERS)
_FORMATS: Final = (*_DESCRIBING, *LINKSET_FORMATS, ATOM, GEOJSON, GRAPHML, JSON)
#: What takes the place of an extension where the server sends nothing, or sends the client elsewhere.
_NONE, _SEE, _PROBLEM = "none", "see", "problem"
_LINKSET_FILE: Final = LINKSETS["linkset.json"]
_LINKSET_TYPES: Final = {"application/linkset": "linkset", "application/linkset+json": _LINKSET_FILE}
_TYPES: Final = {
    "text/html": "html",
    "text/css": "css",
    "text/javascript": "js mjs",
    "image/svg+xml": "svg ico",
    "image/png": "png",
    "application/wasm": "wasm",
    "application/json": "json",
    "application/xml": "xml",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/gzip": "gz",
    "application/zstd": "zst",
    "application/graphml+xml": "graphml",
    "application/x-bibtex": "bib",
    "application/rdf-patch": "rdfp",
    PROBLEM_JSON.media_type: _PROBLEM,
    **_LINKSET_TYPES,
    **{f.media_type: f.extension for f in (*RDF_FORMATS, ATOM, GEOJSON, XLSX, PARQUET)},
}
#: Media types of texts that leave with their charset.
_TEXTS: Final = (
    "text/css text/javascript text/markdown text/plain text/csv text/turtle text/n3 application/json application/xml image/svg+xml "
    "application/ld+json application/rdf+xml application/n-triples application/trig application/n-quads "
    "application/atom+xml application/geo+json application/graphml+xml application/x-bibtex application/rdf-patch "
    "application/csvm+json application/opensearchdescription+xml"
)


def accepts() -> tuple[str, ...]:
    """Return the ``Accept`` headers of known clients."""
    lines = _ACCEPTS.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def configuration(
    reader: SiteReader,
    base_iri: str,
    kinds: Mapping[str, str],
    moved: Sequence[Moved],
    release: str,
    port: int = 80,
    lasting: Sequence[str] = (),
) -> str:
    """Return the configuration of a server on ``port``; its ``root`` is ``site`` beside the file.

    ``kinds`` are regular expressions of paths below the base, each with one path that it matches: addresses that are negotiated in the same
    way. The first that matches decides. ``release`` is the id of the release whose dumps are there; ``lasting`` are the paths of documents
    whose data never change.
    """
    prefix, see = urlsplit(base_iri).path, _see(reader)
    kind_of = {
        pattern: (tuple(_answers(reader, sample).items()), _offers(reader, sample))
        for pattern, sample in kinds.items()
    }
    names = {kind: f"k{number}" for number, kind in enumerate(dict.fromkeys(kind_of.values()))}
    # No path is of two kinds; most are documents.
    kind_lines = [
        f"  {_matching(prefix, pattern, kinds[pattern])} {names[kind]};"
        for pattern, kind in sorted(kind_of.items(), key=lambda each: not kinds[each[0]].startswith("doc/"))
    ]
    pageless = [
        f"  {_matching(prefix, pattern, sample)} 1;"
        for pattern, sample in kinds.items()
        if reader.ask(f"{sample}?page=x", Accept="*/*", If_None_Match="*").status_code != 400
    ]
    format_lines = [line for (answers, _), name in names.items() for line in _formats(name, dict(answers))]
    told = [(each, _PROBLEM if each is PROBLEM_JSON else each.extension) for each in OFFERS]
    weight_lines = (
        *weights.tables((*_FORMATS, PROBLEM_JSON)),
        *(weights.best(f"$ptce_best_{name}", offers, _NONE) for (_, offers), name in names.items()),
        weights.best("$ptce_told_by", told, _PROBLEM),
        weights.languages(
            "$ptce_preferred", reader.ask("", Accept=HTML.media_type).headers["Content-Language"]
        ),
    )
    return template.TEMPLATE.format(
        base=base_iri,
        kinds="\n".join(kind_lines),
        formats="\n".join(format_lines),
        weights="\n".join(weight_lines),
        # All in one place: those of a location would take the place of those of the server.
        errors="\n".join(
            (*(f"  error_page {int(e.status)} @{int(e.status)};" for e in KINDS), "  error_page 418 = @n3;")
        ),
        error_places="\n".join(
            f"  location @{int(e.status)} {{ try_files {prefix}{FOLDER}/{int(e.status)}.$ptce_said =404; }}"
            for e in KINDS
        ),
        folder=FOLDER,
        former=FORMER,
        moved="\n".join(
            f"  {_quoted(prefix + path)} {_quoted(m.target)};" for m in moved if m.target for path in _both(m)
        ),
        gone="\n".join(f"  {_quoted(prefix + path)} 1;" for m in moved if not m.target for path in _both(m)),
        pageless="\n".join(pageless),
        lasting="\n".join(f'  {_quoted(prefix + path)} "{CACHE_FOREVER}";' for path in lasting),
        types="\n".join(f"    {media} {extensions};" for media, extensions in _TYPES.items()),
        texts=_TEXTS,
        prefix=prefix,
        slash=""
        if prefix == "/"
        else f"  location = {prefix[:-1]} {{ return 301 {prefix}$is_args$args; }}\n",
        port=port,
        mark=MARK,
        policy=POLICY,
        beginnings=BEGINNINGS,
        n3=N3.media_type,
        see=see,
        release=release,
        headers=template.HEADERS,
        document_headers=template.DOCUMENT_HEADERS.format(
            headers=template.HEADERS, policy=POLICY, current=CACHE_CURRENT
        ),
        linkset='rel="linkset"; type="application/linkset"',
        negotiated=template.NEGOTIATED.format(see=see),
        described="|".join(folder.rstrip("/") for folder in DESCRIBED),
        cards=cards.POLICY,
        report=reader.ask("report.html").headers.get("Content-Security-Policy", POLICY),
        current=CACHE_CURRENT,
        origin=base_iri.removesuffix(prefix),
        forever=CACHE_FOREVER,
        endings="|".join((*(f.extension for f in RDF_ANSWERS), "linkset")),
    )


def _formats(name: str, answers: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that lead from a kind's ``name`` and ``Accept`` to an extension: known headers to the letter, others by weight."""
    for accept, extension in answers.items():
        yield f"  {_quoted(f'{name} {accept}')} {extension};"
    yield f'  "~^{name} " $ptce_best_{name};'


def _offers(reader: SiteReader, sample: str) -> tuple[Offer, ...]:
    """Return the formats that the server has of ``sample``, in the order that it prefers them in, with their extensions."""
    found = {}
    for each in _FORMATS:
        extension = _answer(reader, sample, each.media_type)
        if extension == _extension(each) or (extension == _SEE and each in _DESCRIBING):
            found[each] = extension
    order: list[Offer] = []
    while found:
        extension = _answer(reader, sample, ", ".join(each.media_type for each in found))
        first = next(each for each, its in found.items() if its == extension)
        order.append((first, found.pop(first)))
    return tuple(order)


def _extension(each: Format) -> str:
    return _LINKSET_TYPES.get(each.media_type, each.extension)


def _matching(prefix: str, pattern: str, sample: str) -> str:
    """Return what matches a kind's paths in a ``map``: the path itself where it is one, which is found without trying each expression."""
    return _quoted(prefix + sample) if pattern == pattern_of(sample) else f'"~^{prefix}{pattern}$"'


def pattern_of(path: str) -> str:
    """Return the regular expression that ``path`` alone matches."""
    return re.escape(path)


def _answers(reader: SiteReader, sample: str) -> dict[str, str]:
    """Return ``Accept`` → extension of what the server sends for ``sample``; "none" for a 406, "see" for a 303."""
    return {accept: _answer(reader, sample, accept) for accept in accepts()}


def _answer(reader: SiteReader, sample: str, accept: str) -> str:
    # Whoever holds every representation is told which it would be, and none is made.
    answer = reader.ask(sample, Accept=accept, If_None_Match="*")
    location = answer.headers.get("Content-Location", "")
    extension = (
        _extension_of(location) if sample else _LINKSET_TYPES.get(_linkset_asked(accept), HTML.extension)
    )
    return {304: extension, 303: _SEE}.get(answer.status_code, _NONE)


def _extension_of(location: str) -> str:
    if location.endswith(".linkset.json"):
        return _LINKSET_FILE
    return location.rpartition(".")[2]


def _linkset_asked(accept: str) -> str:
    """Return the media type of a linkset that a header begins with: the home page has no files with extensions that would tell."""
    return accept.partition(",")[0].partition(";")[0]


def _both(moved: Moved) -> tuple[str, ...]:
    """Return the path of a document, and that of the thing that it is about."""
    return (
        (moved.path, moved.path.replace("doc/", "id/", 1)) if moved.path.startswith("doc/") else (moved.path,)
    )


def _see(reader: SiteReader) -> str:
    """Return where the home page sends a client that reads no HTML."""
    return reader.ask("", Accept="text/turtle").headers.get("Location", "")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
