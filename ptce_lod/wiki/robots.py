"""What a wiki's ``robots.txt`` asks of us, heeded before anything else is asked. Source: RFC 9309."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki.session import WikiSession

#: The name by which a wiki can speak of us.
AGENT: Final = "ptce-lod"
#: What is read of the file: RFC 9309, section 2.5.
_BYTES: Final = 512_000
_HINT: Final = 'if the wiki\'s administrators allow it, write robots = "ignore" in its [[site]]'


def heed(session: WikiSession, url: str, timeout: float) -> Protego | None:
    """Ask for the ``robots.txt`` of the host of ``url`` and keep to its pace; return its rules, None when there are none.

    Raises :class:`SourceUnavailable` when it asks programs to leave ``url`` alone, or when the server cannot say (section 2.3.1.4). A
    refusal (4xx) means that there are no rules (section 2.3.1.3).
    """
    address = urljoin(url, "/robots.txt")
    try:
        response = session.get(address, timeout=timeout)
    except requests.exceptions.RequestException as error:
        raise SourceUnavailable(f"{address}: cannot be asked ({type(error).__name__})") from error
    if response.status_code >= 500:
        raise SourceUnavailable(f"{address}: answered {response.status_code}", hint=_HINT)
    if not response.ok:
        return None
    rules = Protego.parse(response.content[:_BYTES].decode("utf-8", "replace"))
    check(rules, url)
    session.keep_distance(rules.crawl_delay(AGENT) or 0.0)
    return rules


def check(rules: Protego | None, url: str) -> None:
    """Raise :class:`SourceUnavailable` when the rules keep ``url`` from us."""
    if rules is not None and not rules.can_fetch(url, AGENT):
        parts = urlsplit(url)
        raise SourceUnavailable(
            f"the wiki {parts.netloc} asks programs to leave {parts.path} alone (robots.txt)", hint=_HINT
        )
