"""Tells an operator before IRIs of a private host are published: nobody else can follow them, and once copied they stay wrong."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from ptce_lod.cli.group import Run
from ptce_lod.errors import SettingsError

#: Ends of names that no public DNS has (RFC 6761, RFC 6762, RFC 8375, ICANN's reservation of .internal).
_PRIVATE_ENDS: Final = (".local", ".localhost", ".internal", ".home.arpa", ".test", ".invalid")


def private_host(iri: str) -> str:
    """Return the host of ``iri`` when other networks cannot reach it: loopback, private addresses, names without a public end; else ""."""
    host = (urlsplit(iri).hostname or "").rstrip(".")
    try:
        return "" if ipaddress.ip_address(host).is_global else host
    except ValueError:
        return host if "." not in host or host.endswith(_PRIVATE_ENDS) else ""


def is_loopback(host: str) -> bool:
    """Say whether a server that listens on ``host`` is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def warn_of_private_host(run: Run) -> None:
    """Say in a line that IRIs begin with a private host, when the server is to be reached from elsewhere."""
    settings = run.settings
    host = private_host(settings.base_iri)
    if host and not is_loopback(settings.host):
        run.output.note(
            f"warning: every published IRI begins with {settings.base_iri}, but {host} means nothing on other networks; "
            "set PTCE_BASE_IRI to the public address and build again"
        )


def refuse_private_host(run: Run) -> None:
    """Raise :class:`SettingsError` when IRIs begin with a private host."""
    base = run.settings.base_iri
    if host := private_host(base):
        raise SettingsError(
            f"base_iri is {base}: every IRI of the export would begin with it, but {host} means nothing on other networks",
            hint="set PTCE_BASE_IRI to the address at which the files will stand and build again, or add --local to try it here",
        )
