"""Text of ours as text of a MediaWiki page: whatever it holds, no markup of it takes effect.

Sources: MediaWiki Help:Formatting, Help:Links (what begins an address), Help:Templates, Help:Magic words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

#: Characters that mean something inside a line, in a table or in a template.
_INSIDE: Final = {ord(c): f"&#{ord(c)};" for c in "&<>[]{}|=~'\"_"}
#: Characters that mean something where a line begins.
_FIRST: Final = "*#:;-!+"
#: What MediaWiki would make a link of by itself.
_ADDRESS: Final = re.compile(r"(?i)(://|\b(?:mailto|news|sip|sips|tel|urn|bitcoin|magnet|sms|xmpp|geo):)")
_NUMBERED: Final = re.compile(r"\b(RFC|PMID|ISBN)(?=\s)")
#: What may stand in an address between square brackets and in a parameter of a template.
_URL_SAFE: Final = "%/:?#@!$&()*+,;=-._~"


def escape(text: str) -> str:
    """Return ``text`` as one line of wikitext that shows just that text; characters that do not print become spaces.

    >>> escape("{{x}} ''a'' | http://spam.example")
    '&#123;&#123;x&#125;&#125; &#39;&#39;a&#39;&#39; &#124; http&#58;//spam.example'
    """
    line = " ".join(
        "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text)).split()
    )
    safe = line.translate(_INSIDE)
    safe = _ADDRESS.sub(lambda match: match[1].replace(":", "&#58;"), safe)
    safe = _NUMBERED.sub(lambda match: f"&#{ord(match[1][0])};{match[1][1:]}", safe)
    return f"&#{ord(safe[0])};{safe[1:]}" if safe[:1] in tuple(_FIRST) else safe


def external_link(url: str, label: str) -> str:
    """Return a link to a web page; only its label where ``url`` is no address that a wiki links to."""
    found = address(url)
    return f"[{found} {escape(label)}]" if found and label.strip() else escape(label or url)


def page_link(title: str, label: str) -> str:
    """Return a link to a page of the same wiki; a title that no page can have is only shown."""
    plain = unicodedata.normalize("NFC", title)
    if not plain.isprintable() or any(c in "#<>[]|{}" for c in plain) or not plain.strip():
        return escape(label)
    return f"[[:{plain}|{escape(label)}]]"


def address(url: str) -> str:
    """Return an http(s) address with everything percent-encoded that would end it; "" for another."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return (
        quote(unicodedata.normalize("NFC", url), safe=_URL_SAFE)
        .replace("~~~", "%7E%7E%7E")
        .replace("__", "%5F%5F")
    )
