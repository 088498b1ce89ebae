"""Every text of the site is there in French; no translation names a slot that its text has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ptce_lod.web import problem_types
from ptce_lod.web.openapi.document import texts as openapi_texts
from ptce_lod.web.pages import i18n, linking, network, news, past, reconcile, search, site, timeline, wikis
from ptce_lod.web.pages.views import overview
from ptce_lod.web.pages.views.frame import KINDS

WEB = Path(i18n.__file__).parent.parent
#: ``_("…")`` and ``_n("…", "…", n)`` in templates and code; nothing else makes a text a message.
ONE = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*[),]""")
TWO = re.compile(r'(?:\b_n|number_translator\(language\))\(\s*"([^"]*)",\s*"([^"]*)"')


def messages() -> set[str]:
    found: set[str] = set()
    for path in (
        *WEB.glob("templates/**/*.html"),
        *WEB.glob("pages/**/*.py"),
        *WEB.glob("reconcile/*.py"),
        *WEB.glob("*.py"),
    ):
        text = path.read_text(encoding="utf-8")
        found.update(a or b for a, b in ONE.findall(text))
        found.update(message for pair in TWO.findall(text) for message in pair)
    found.update(text for pair in site._TITLES.values() for text in pair)
    found.update(heading for columns in site._COLUMNS.values() for _key, heading in columns)
    found.update(site.WORDS.values())
    found.update(search.FACET_TITLES.values())
    found.update(search.FIELDS.values())
    found.update(KINDS.values())
    found.update(past.WORDS.values())
    found.update(timeline.TITLES.values())
    found.update(text for pair in wikis.WORDS.values() for text in pair)
    found.update(network.TITLES.values())
    found.update(linking.RELATIONS.values())
    found.update(linking.WORDS.values())
    for names in (reconcile.PROPERTY_NAMES, reconcile.FEATURE_NAMES, reconcile.VALUES):
        found.update(names.values())
    found.update(text for pair in news.COUNTS.values() for text in pair)
    found.update(name for _predicate, name in (*overview.FACTS, *overview._INCOMING))
    found.update(openapi_texts())
    found.update(text for kind in problem_types.TYPES.values() for text in (kind.title, kind.about))
    return found


@pytest.mark.parametrize("message", sorted(messages()))
def test_every_message_has_a_french_text(message: str) -> None:
    assert message in i18n.catalogue("fr")


def test_slots_of_a_translation_are_those_of_its_message() -> None:
    for path in i18n.TRANSLATIONS.glob("fr*.po"):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale="fr"):
                if isinstance(entry.id, str) and isinstance(entry.string, str):
                    assert set(re.findall(r"\{(\w+)\}", entry.id)) == set(
                        re.findall(r"\{(\w+)\}", entry.string)
                    ), entry.id


def test_no_message_is_translated_that_nothing_says() -> None:
    used = messages() | {"Internal error", *HTTP_TITLES}
    assert set(i18n.catalogue("fr")) - used == set()


#: Reason phrases of HTTP that an error page may bear.
HTTP_TITLES = {
    "Not Found",
    "Bad Request",
    "Method Not Allowed",
    "Forbidden",
    "Request Entity Too Large",
    "Content Too Large",
    "Unsupported Media Type",
}


def test_english_is_the_language_of_the_messages() -> None:
    assert i18n.translator("en")("Poles") == "Poles"
    assert i18n.translator("fr")("Poles") == "Pôles"
    assert i18n.number_translator("fr")("{n} result", "{n} results", 0) == "0 résultat"
    assert i18n.number_translator("en")("{n} result", "{n} results", 0) == "0 results"
