"""Message catalogues: English in the code, French in ``translations/*.po``, read once at start. No compile step.

Source: GNU gettext PO files, read by Babel.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from ptce_lod.numbers import format_number
from ptce_lod.web.pages.text import french_spaces

TRANSLATIONS: Final = Path(__file__).parent.parent / "translations"
LANGUAGES: Final = ("fr", "en")

Translate = Callable[[str], str]
TranslateNumber = Callable[[str, str, int], str]


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return msgid → text of a language; empty for English, the language of the msgids."""
    if language == "en":
        return {}
    messages: dict[str, str] = {}
    for path in sorted(TRANSLATIONS.glob(f"{language}*.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    messages[message.id] = (
                        french_spaces(message.string) if language == "fr" else message.string
                    )
    return messages


@cache
def translator(language: str) -> Translate:
    """Return the function from an English text to the text in ``language``; a text not in the catalogue stays English."""
    messages = catalogue(language)

    def translate(text: str) -> str:
        return messages.get(text) or text

    return translate


@cache
def number_translator(language: str) -> TranslateNumber:
    """Return the function (singular, plural, n) → text with ``{n}`` filled in. French takes the singular below two."""
    translate = translator(language)

    def choose(singular: str, plural: str, n: int) -> str:
        one = n < 2 if language == "fr" else n == 1
        return translate(singular if one else plural).format(n=format_number(n, language))

    return choose
