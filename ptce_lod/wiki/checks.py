"""Checks of the values of a mapping: each mistake is noted with the key where it is, so that all are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ptce_lod.errors import Problem
from ptce_lod.iris import SLUG, THING_TYPES
from ptce_lod.namespaces import expand
from ptce_lod.wiki.trust import is_web_address

#: Least factor of a unit; the greatest is one by it.
_LEAST: Final = Decimal("1e-12")


class Checks:
    """Takes values out of tables and notes mistakes; what it returns is used only when there is none.

    ``known`` maps a kind of table → the keys that it may hold.
    """

    def __init__(self, path: str, known: Mapping[str, tuple[str, ...]]) -> None:
        self._path = path
        self._known = known
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(self._path, field=key, message=message))

    def predicate(self, key: str, table: Mapping[str, Any]) -> str:
        """Return the IRI of the prefixed name under ``predicate``."""
        name = self.text(f"{key}.predicate", table.get("predicate", ""))
        iri = expand(name)
        if iri is None:
            self.wrong(f"{key}.predicate", f"is {name!r}, expected a prefixed name such as ptce:startDate")
        return iri or ""

    def thing(self, key: str, thing: str) -> None:
        """Check what names a thing of ours."""
        type_, _, slug = thing.partition("/")
        if type_ == "concept":
            self.concept(key, slug)
        elif type_ not in THING_TYPES or not SLUG.fullmatch(slug):
            self.wrong(
                key, f"is {thing!r}, expected a thing such as pole/pole-sud-archer, or concept/SCHEME/CODE"
            )

    def concept(self, key: str, text: str) -> None:
        """Check what names a concept of ours."""
        if not all(SLUG.fullmatch(part) for part in text.split("/")) or text.count("/") != 1:
            self.wrong(key, f"is {text!r}, expected a concept as SCHEME/CODE")

    def address(self, key: str, text: str) -> bool:
        """Say whether a text is an http(s) address."""
        if not is_web_address(text):
            self.wrong(key, f"is {text!r}, expected an http(s) address")
            return False
        return True

    def keys(self, kind: str, key: str, table: Mapping[str, Any]) -> None:
        """Check that a table of a ``kind`` has no key but the known ones."""
        for name in table:
            if name not in self._known[kind]:
                self.wrong(
                    f"{key}.{name}".strip("."), f"is unknown, expected one of {', '.join(self._known[kind])}"
                )

    def text(self, key: str, value: Any) -> str:
        """Return a value that is a text."""
        if not isinstance(value, str):
            self.wrong(key, "expected a text")
            return ""
        return value

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        """Return a value that is a list of texts."""
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong(key, "expected a list of texts")
            return ()
        return tuple(value)

    def table(self, key: str, value: Any) -> dict[str, str]:
        """Return a value that is a table of texts; nothing is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            self.wrong(key, "expected a table of texts")
            return {}
        return dict(value)

    def factors(self, key: str, value: Any) -> dict[str, Decimal]:
        """Return a value that is a table of units, each with its factor; nothing is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict) or not value:
            self.wrong(key, "expected a table of units, each with its factor")
            return {}
        found: dict[str, Decimal] = {}
        for unit, factor in value.items():
            if isinstance(factor, bool) or not isinstance(factor, int | Decimal):
                self.wrong(f"{key}.{unit}", "expected a number")
            elif not Decimal(factor).is_finite() or not _LEAST <= factor <= 1 / _LEAST:
                self.wrong(f"{key}.{unit}", f"is {factor}, expected {_LEAST} to {1 / _LEAST:f}")
            elif unit.lower() in map(str.lower, found):
                self.wrong(f"{key}.{unit}", "is there twice: small and capital letters are the same")
            elif unit != unit.strip() or unit[:1].isdigit():
                self.wrong(f"{key}.{unit}", "begins or ends with a space, or begins with a digit")
            else:
                found[unit] = Decimal(factor)
        return found

    def tables(self, name: str, table: Mapping[str, Any], key: str = "") -> list[dict[str, Any]]:
        """Return the tables ``[[name]]`` of a table."""
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(f"{key}.{name}".strip("."), "expected tables written [[…]]")
            return []
        return value
