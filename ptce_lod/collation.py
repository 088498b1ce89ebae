"""Order names as French does. Imports nothing of ours."""

from __future__ import annotations

import unicodedata


def sort_key(label: str) -> str:
    """Return a key under which labels sort as French does: letters first, accents and capitals only between equals.

    >>> sorted(["Zèbre", "École", "ecole", "Eau"], key=sort_key)
    ['Eau', 'ecole', 'École', 'Zèbre']
    """
    text = label.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    plain = " ".join("".join(c if c.isalnum() else " " for c in letters).split())
    return f"{plain}\x00{decomposed.casefold()}\x00{label.swapcase()}"
