"""Content negotiation, once, for every resource. Source: RFC 9110 section 12.

Policy, where the RFC leaves it open: the highest quality value wins; between equals the range that names the type most closely; between
those the order of the offer, which puts HTML first on documents and RDF first on catalogue and dumps. So ``*/*`` (curl, ``requests``) gets
HTML from a document and Turtle from the catalogue. docs/reference/http.md says so to clients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ptce_lod.formats import Format

#: Media-type parameters of a range that do not decide whether it matches: hints, by JSON-LD 1.1 section C and by custom.
_HINTS: Final = frozenset({"profile", "version"})
_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 # the grammar's word, no secret
_RANGE: Final = re.compile(rf"(?P<type>{_TOKEN})/(?P<subtype>{_TOKEN})")
_PARAMETER: Final = re.compile(rf'[ \t]*({_TOKEN})[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|{_TOKEN})[ \t]*')
_QVALUE: Final = r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?"
_QUALITY: Final = re.compile(_QVALUE)
#: A name and its weight; the semicolons and the white space around "=" that some clients write are passed over.
_WEIGHTED: Final = re.compile(rf"[ \t]*({_TOKEN})[ \t;]*(?:;[ \t]*[qQ][ \t]*=[ \t]*({_QVALUE})[ \t;]*)?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*")
#: What stands between separators. A quotation mark always matches up to its end, or the text's: no place is looked at twice.
_PARTS: Final = {
    separator: re.compile(rf'(?:[^{separator}"]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL)
    for separator in ",;"
}
#: Elements of a header that are read; more than any client sends.
_ELEMENTS: Final = 200
LANGUAGES: Final = ("fr", "en")


@dataclass(frozen=True)
class MediaRange:
    """One element of ``Accept``: type and subtype (``*`` for any), parameters without ``q``, and the quality value 0 to 1."""

    type: str
    subtype: str
    quality: float = 1.0
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def specificity(self) -> tuple[int, int]:
        """Rank of how closely the range names a type: RFC 9110 section 12.5.1."""
        return (self.type != "*") + (self.subtype != "*"), len(self.parameters)

    def matches(self, media_type: str) -> bool:
        """Say whether a representation of ``media_type``, in UTF-8, is in this range."""
        type_, _, subtype = media_type.partition("/")
        if self.type not in ("*", type_) or self.subtype not in ("*", subtype):
            return False
        return all(
            name in _HINTS or (name == "charset" and value.lower() in ("utf-8", "utf8"))
            for name, value in self.parameters.items()
        )


def parse_accept(header: str | None) -> list[MediaRange]:
    """Return the media ranges of ``Accept`` (lines joined by commas). Malformed elements are left out, empty ones are allowed.

    No header, or an empty one, is ``*/*``.

    >>> [(r.type, r.quality) for r in parse_accept("text/turtle;q=0.5, , */*;q=0")]
    [('text', 0.5), ('*', 0.0)]
    """
    if header is None or not header.strip(" \t,"):
        return [MediaRange("*", "*")]
    ranges = (_parse_range(element) for element in _split(header, ",")[:_ELEMENTS])
    return [found for found in ranges if found is not None]


def _parse_range(element: str) -> MediaRange | None:
    name, *rest = _split(element, ";")
    match = _RANGE.fullmatch(name.strip(" \t"))
    if match is None or (match["type"] == "*" and match["subtype"] != "*"):
        return None
    quality, parameters = None, {}
    for part in rest:
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None:
            if part.strip(" \t"):
                return None
            continue
        key, value = parameter[1].lower(), parameter[2]
        if key == "q":
            if quality is not None or not _QUALITY.fullmatch(value):
                return None
            quality = float(value)
        else:  # before q or behind it: RFC 9110 section 12.5.1 knows no other parameters than the media type's
            parameters[key] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    quality = 1.0 if quality is None else quality
    return MediaRange(match["type"].lower(), match["subtype"].lower(), quality, parameters)


def _split(text: str, separator: str) -> list[str]:
    """Split at ``separator`` outside quoted strings; one that is never closed reaches to the end."""
    if '"' not in text:
        return text.split(separator)
    parts: list[str] = _PARTS[separator].findall(text)
    # Nothing before the first separator is an element, too: ";*/*" names no type.
    return ["", *parts] if text.startswith(separator) else parts


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the offer that the client likes best, or None when it accepts none.

    A format may also answer to other media types (``application/json`` for JSON-LD), but only when the client names them: a wildcard
    speaks for the type that is sent, and a type excluded with ``q=0`` is never sent.
    """
    ranked = rank(accept, offers)
    return ranked[0] if ranked else None


def rank(accept: str | None, offers: Sequence[Format]) -> list[Format]:
    """Return the acceptable offers, best first."""
    return list(_ranked(accept, tuple(offers)))


@lru_cache(maxsize=1024)
def _ranked(accept: str | None, offers: tuple[Format, ...]) -> tuple[Format, ...]:
    """Rank once for all: clients send few different headers, and send them often."""
    ranges = parse_accept(accept)
    scored = [(_score(ranges, offer), place, offer) for place, offer in enumerate(offers)]
    acceptable = [entry for entry in scored if entry[0][0] > 0]
    acceptable.sort(key=lambda entry: (-entry[0][0], -entry[0][1], entry[1]))
    return tuple(offer for _, _, offer in acceptable)


def _score(ranges: Sequence[MediaRange], offer: Format) -> tuple[float, int]:
    """Return quality and specificity of the range that speaks for ``offer``; quality 0 when it is not acceptable."""
    if offer.only_named:
        ranges = [r for r in ranges if "*" not in (r.type, r.subtype)]
    best = _closest(ranges, offer.media_type)
    if best is not None and best.quality == 0 and best.type != "*" and best.subtype != "*":
        return 0.0, 0
    score = (best.quality, best.specificity[0]) if best is not None else (0.0, 0)
    for other in offer.also:
        named = [r for r in ranges if "*" not in (r.type, r.subtype) and r.matches(other)]
        if (closest := _closest(named, other)) is not None:
            score = max(score, (closest.quality, closest.specificity[0]))
    return score


def _closest(ranges: Iterable[MediaRange], media_type: str) -> MediaRange | None:
    """Return the most specific range that matches; between equals the one with the higher quality."""
    matching = [r for r in ranges if r.matches(media_type)]
    return max(matching, key=lambda r: (r.specificity, r.quality), default=None)


@lru_cache(maxsize=1024)
def negotiate_language(
    accept_language: str | None,
    parameter: str | None = None,
    cookie: str | None = None,
    *,
    default: str = "fr",
) -> str:
    """Return ``"fr"`` or ``"en"``: what ``?lang=`` says, else the cookie, else ``Accept-Language``, else ``default``.

    A range matches by its primary language (``fr-CA`` gets French); with nothing acceptable the default is sent, as RFC 9110 section
    12.5.4 advises.
    """
    for choice in (parameter, cookie):
        if choice in LANGUAGES:
            return choice
    qualities = _language_qualities(accept_language)
    order = (default, *(language for language in LANGUAGES if language != default))
    best = max(order, key=lambda language: qualities.get(language, qualities.get("*", 0.0)))
    return best if qualities.get(best, qualities.get("*", 0.0)) > 0 else default


def _language_qualities(header: str | None) -> dict[str, float]:
    """Return primary language, or ``*``, → highest quality value."""
    qualities: dict[str, float] = {}
    for tag, quality in weighted(header or ""):
        if _LANGUAGE.fullmatch(tag):
            primary = tag.partition("-")[0].lower()
            qualities[primary] = max(quality, qualities.get(primary, 0.0))
    return qualities


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """Yield the elements of a header of names with weights (``Accept-Language``, ``Accept-Encoding``); malformed ones are left out.

    >>> list(weighted("fr-CA, en;q=0.5, de;q=high, *;Q=0"))
    [('fr-CA', 1.0), ('en', 0.5), ('*', 0.0)]
    """
    for element in header.split(",")[:_ELEMENTS]:
        match = _WEIGHTED.fullmatch(element)
        if match is not None:
            yield match[1], float(match[2] or 1)
