"""Datatypes and languages as people call them."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.i18n import translator


def spoken_datatype(iri: str, language: str) -> str:
    """Return a well-known datatype as a noun phrase, such as "a date"; empty for others."""
    _ = translator(language)
    return {
        ns.XSD + "date": _("a date"),
        ns.XSD + "gYear": _("a year"),
        ns.XSD + "gYearMonth": _("a month of a year"),
        ns.XSD + "dateTime": _("a date with a time"),
        ns.XSD + "duration": _("a duration"),
        ns.XSD + "integer": _("a whole number"),
        ns.XSD + "nonNegativeInteger": _("a whole number, 0 or more"),
        ns.XSD + "positiveInteger": _("a whole number, 1 or more"),
        ns.XSD + "decimal": _("a decimal number"),
        ns.XSD + "boolean": _("true or false"),
        ns.XSD + "anyURI": _("an address"),
        ns.XSD + "string": _("a text without language"),
        ns.XSD + "token": _("a text without spare spaces"),
        ns.XSD + "hexBinary": _("a hexadecimal number"),
        ns.RDF + "langString": _("a text whose language is stated"),
        ns.GEO + "wktLiteral": _("a geometry in WKT"),
    }.get(iri, "")


def language_names(tags: Sequence[str], language: str) -> str:
    """Return the names of languages.

    >>> language_names(["fr", "en"], "en")
    'French or English'
    """
    _ = translator(language)
    names = Locale.parse("fr_FR" if language == "fr" else "en_GB").languages
    return _(" or ").join(str(names.get(tag, tag)) for tag in tags)
