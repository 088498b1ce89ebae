"""Quality values, compared by the ``map`` tables of nginx: what a header likes best, as the server finds it (``web/negotiation.py``).

nginx knows texts and regular expressions. So a table for each media type turns its weight into four digits, others make a text of what an
address offers, as " html=09002 ttl=10002 #0123456789" with how closely it is named as the fifth digit, and one expression finds the
first number that none behind it exceeds: a digit is greater than another when it stands behind it in "0123456789".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from ptce_lod.formats import Format
from ptce_lod.web.negotiation import LANGUAGES

#: An offer of an address: the format, and what the address's table calls it.
Offer: TypeAlias = tuple[Format, str]

_SPACE: Final = r"[ \t]*+"
#: Of quotation marks, one that is never closed reaches to the end. A backslash is written by its number: nginx reads it otherwise.
_QUOTED: Final = r'"(?:[^"\x5c]|\x5c.)*+(?:"|\x5c?$)'
_CLOSED: Final = r'"(?:[^"\x5c]|\x5c.)*+"'
#: The elements before the first that matches.
_BEFORE: Final = rf'^(?:(?:[^",]++|{_QUOTED})*+,)*?'
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+".replace("'", r"\x27")
#: Parameters that do not decide whether a range matches, and empty ones.
_HINTS: Final = (
    rf"(?:;{_SPACE}(?:(?:profile|version){_SPACE}={_SPACE}(?:{_TOKEN}|{_CLOSED})"
    rf'|charset{_SPACE}={_SPACE}(?:utf-?8|"utf-?8")|(?=[;,]|$)){_SPACE})*+'
)
_ZERO: Final = "00000"
_DIGITS: Final = "#0123456789"
_BEST: Final = (
    r"^.*? (?<ptce_best>\w+)=(?!0000)(\d)(\d)(\d)(\d)(\d)(?!.*=(?:"
    r"(\d)\d{4}(?=.*#\d*\2\d*\7)|\2(\d)\d{3}(?=.*#\d*\3\d*\8)|\2\3(\d)\d{2}(?=.*#\d*\4\d*\9)"
    r"|\2\3\4(\d)\d(?=.*#\d*\5\d*\10)|\2\3\4\5(\d)(?=.*#\d*\6\d*\11)))"
)


def tables(offers: Iterable[Format]) -> Iterator[str]:
    """Yield the tables of all types that ``offers`` answer to, and of the ranges around them."""
    formats = list(dict.fromkeys(offers))
    types = dict.fromkeys(media for each in formats for media in each.media_types)
    wider = dict.fromkeys(f"{each.media_type.partition('/')[0]}/*" for each in formats)
    for media in (*types, *wider):
        yield _weight("$http_accept", _q(media), _element(re.escape(media).replace(r"\*", "[*]"), _HINTS))
    # No header is as good as one that likes everything; of none, nginx asks no expression.
    yield _weight("$http_accept", _q("*/*"), _element("[*]/[*]", _HINTS), '"" 1000; "~^[ \\t,]*$" 1000;')
    for each in formats:
        yield _score(each)
        for other in each.also:
            # A type that is excluded by its name is not sent under another.
            yield (
                f'map "{_q(each.media_type)}|{_q(other)}|" {_also(each, other)} {{ default {_ZERO}; "~^0000" {_ZERO}; '
                f"{_likes('[|]', 2)} }}"
            )


def best(variable: str, offers: Sequence[Offer], none: str) -> str:
    """Return the table that says in ``variable`` which of ``offers`` ``Accept`` likes best, the first between equals; else ``none``."""
    scores = " ".join(
        f"{name}={score}"
        for each, name in offers
        for score in (_main(each), *(_also(each, other) for other in each.also))
    )
    return f"map \" {scores} {_DIGITS}\" {variable} {{ default {none}; '~{_BEST}' $ptce_best; }}"


def languages(variable: str, default: str) -> str:
    """Return the tables that say in ``variable`` which of our languages ``Accept-Language`` likes best; ``default`` when it likes none."""
    ordered = (default, *(each for each in LANGUAGES if each != default))
    tags = {**{each: rf"{each}(?:-[a-z0-9]{{1,8}})*" for each in ordered}, "other": "[*]"}
    header = "$http_accept_language"
    lines = [
        _weight(header, f"$ptce_q_{name}", _element(tag, "(?:;[ \\t]*+(?=[;,]|$))*+", "^(?:[^,]*+,)*?"))
        for name, tag in tags.items()
    ]
    lines += [
        f'map "$ptce_q_{each}|$ptce_q_other|" $ptce_l_{each} {{ default {_ZERO}; {_likes("^[|]?", 0)} }}'
        for each in ordered
    ]
    scores = " ".join(f"{each}=$ptce_l_{each}" for each in ordered)
    liked = f"map \" {scores} {_DIGITS}\" $ptce_liked {{ default {default}; '~{_BEST}' $ptce_best; }}"
    return "\n".join((*lines, liked, f'map {header} {variable} {{ default $ptce_liked; "" {default}; }}'))


def _element(name: str, parameters: str, before: str = _BEFORE) -> str:
    """Return what matches a header with an element of that name, and captures its weight: the digit before the point, and the decimals."""
    weight = r"(?<ptce_units>1(?=(?:\.0{0,3})?+[ \t;,]|(?:\.0{0,3})?+$)|0)(?:\.(?<ptce_decimals>\d{0,3}))?"
    return (
        rf"{before}{_SPACE}{name}{_SPACE}{parameters}"
        rf"(?:;{_SPACE}q{_SPACE}={_SPACE}{weight}{_SPACE}{parameters})?(?:,|$)"
    )


def _weight(header: str, variable: str, element: str, more: str = "") -> str:
    """Return the table of the weight of an element: four digits or more, or three zeros where none is said; "" without the element."""
    return f'map {header} {variable} {{ default ""; {more} \'~*{element}\' "${{ptce_units}}${{ptce_decimals}}000"; }}'


def _score(each: Format) -> str:
    """Return the table of a format's own type: what names it most closely counts."""
    if each.only_named:
        return f'map "{_q(each.media_type)}|" {_main(each)} {{ default {_ZERO}; {_likes("^", 2)} }}'
    wider = f"{each.media_type.partition('/')[0]}/*"
    return (
        f'map "{_q(each.media_type)}|{_q(wider)}|{_q("*/*")}|" {_main(each)} {{ default {_ZERO}; '
        f"{_likes('^', 2)} {_likes('^[|]', 1)} {_likes('^[|][|]', 0)} }}"
    )


def _likes(start: str, closeness: int) -> str:
    """Return the lines that lead from the weight that stands behind ``start``, up to a bar, to its number: with how closely it names."""
    return (
        f'"~{start}000[|]" 1000{closeness}; "~{start}(?<ptce_digits>\\d{{4}})" "${{ptce_digits}}{closeness}";'
    )


def _q(media: str) -> str:
    return "$ptce_q_" + re.sub(r"\W", "_", media.replace("*", "any"))


def _main(each: Format) -> str:
    return "$ptce_m_" + re.sub(r"\W", "_", each.name)


def _also(each: Format, other: str) -> str:
    return f"{_main(each)}_{re.sub(r'[^a-z0-9]', '_', other)}"
