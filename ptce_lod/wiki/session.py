"""A polite and careful HTTP session for one wiki: paced, named, patient, deaf to other hosts and, unless allowed, to private addresses.

Sources: MediaWiki API etiquette and ``maxlag``; RFC 9110 section 10.2.3 (``Retry-After``); RFC 9110 section 15.4 (redirects).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ptce_lod import __version__
from ptce_lod.errors import SourceUnavailable

#: Statuses after which a wiki asks to come back later.
_LATER: Final = (429, 503)
_REDIRECTS: Final = 5


@dataclass(frozen=True)
class Manners:
    """How a wiki is asked. ``pause`` is the least time between two requests, ``patience`` the longest wait it may ask for (seconds)."""

    pause: float = 1.0
    timeout: float = 60.0
    retries: int = 5
    retry_wait: float = 10.0
    patience: float = 300.0
    max_lag: int = 5
    answer_bytes: int = 64_000_000
    contact: str = ""

    @property
    def user_agent(self) -> str:
        """Who asks, and where to complain."""
        return f"ptce-lod/{__version__} ({self.contact or 'https://w3id.org/ptce/'}) python-requests"


class WikiSession(requests.Session):
    """A session that asks one host only."""

    def __init__(self, url: str, manners: Manners, *, private_allowed: bool = False) -> None:
        super().__init__()
        self._home = urlsplit(url)
        self._manners = manners
        self._next = 0.0
        self._has_answered = False
        self._pause = manners.pause
        self.trust_env = False  # no proxy, no password file: what is checked is what is called
        self.max_redirects = _REDIRECTS
        self.headers["User-Agent"] = manners.user_agent
        self.hooks["response"].append(self._bounded)
        if not private_allowed:
            for scheme in ("http://", "https://"):
                self.mount(scheme, _PublicAdapter())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask at the wiki's pace, and again when it says when."""
        for attempt in range(self._manners.retries + 1):
            self._wait_for_turn()
            try:
                response = super().request(*args, **kwargs)
            except requests.exceptions.ConnectionError as error:
                told = hopeless(error, self._home.geturl(), again=self._has_answered)
                if told is not None:
                    raise told from error
                raise
            self._has_answered = True
            wait = self._asked_to_wait(response)
            if wait is None or attempt == self._manners.retries:
                return response
            response.close()
            time.sleep(wait)
        raise AssertionError("unreachable")

    def keep_distance(self, seconds: float) -> None:
        """Leave at least ``seconds`` between two requests, up to our patience; never less than our manners do."""
        self._pause = max(self._pause, min(seconds, self._manners.patience))

    def _wait_for_turn(self) -> None:
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._pause

    def _asked_to_wait(self, response: requests.Response) -> float | None:
        """Return the seconds that a refusal asks to wait; None when it is none, or says nothing."""
        lagging = (
            "x-database-lag" in response.headers or response.headers.get("MediaWiki-API-Error") == "maxlag"
        )
        if response.status_code not in _LATER and not lagging:
            return None
        seconds = _seconds(response.headers.get("Retry-After", ""))
        if seconds is None:
            return self._manners.retry_wait if lagging else None
        if seconds > self._manners.patience:
            response.close()
            raise SourceUnavailable(
                f"the wiki {self._home.netloc} asks to come back in {seconds:.0f} s",
                hint="run the same command later: it goes on where it stopped",
            )
        return seconds

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a redirect leads; :class:`SourceUnavailable` when that is another host, or the same without TLS."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        there = urlsplit(urljoin(resp.url, target))
        if there.netloc != self._home.netloc or (self._home.scheme, there.scheme) == ("https", "http"):
            resp.close()
            raise SourceUnavailable(
                f"the wiki {self._home.netloc} redirects to {there.scheme}://{there.netloc}, which is not followed",
                hint="if the wiki has moved, write its new address in its mapping",
            )
        return target

    def _bounded(self, response: requests.Response, *_: Any, **__: Any) -> None:
        deadline = time.monotonic() + 4 * self._manners.timeout
        response.raw = _Bounded(response.raw, self._manners.answer_bytes, deadline, self._home.netloc)


def _seconds(text: str) -> float | None:
    """Return ``Retry-After`` in seconds; None when it says nothing we understand."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


class _Bounded:
    """The body of an answer that ends, in bytes and in time."""

    def __init__(self, raw: Any, limit: int, deadline: float, host: str) -> None:
        self._raw, self._limit, self._deadline, self._host = raw, limit, deadline, host

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        """Yield the body in parts."""
        length = 0
        for part in self._raw.stream(*args, **kwargs):
            length += len(part)
            if length > self._limit:
                raise SourceUnavailable(f"the wiki {self._host} answered more than {self._limit} bytes")
            if time.monotonic() > self._deadline:
                raise SourceUnavailable(f"the wiki {self._host} takes too long to answer")
            yield part


def hopeless(error: BaseException, address: str, *, again: bool) -> SourceUnavailable | None:
    """Return what to tell of an error that does not pass by waiting, None when it may pass.

    With ``again`` the host has answered before: then only a certificate is without hope.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SourceUnavailable(
                f"{address}: the server's certificate is not valid for this host: {cause.verify_message}",
                hint="is this the wiki's address? Else who runs it must renew its certificate, which names the host and comes of a known "
                "authority",
            )
    for kind, why, hint in _HOPELESS if not again else ():
        if any(isinstance(cause, kind) for cause in causes):
            return SourceUnavailable(f"{address}: cannot be asked: {why}", hint=hint)
    return None


_HOPELESS: Final = (
    (
        socket.gaierror,
        "no host of this name is known",
        "is the address in the mapping right, and the network up?",
    ),
    (
        ConnectionRefusedError,
        "it refuses the connection",
        "is the address in the mapping right, and the wiki up?",
    ),
    (ssl.SSLError, "it does not speak TLS as we do", "does the address begin with http:// instead?"),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it comes of: libraries wrap each other's."""
    todo, seen = [error], set()
    while todo:
        each = todo.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
            todo.extend(part for part in inner if isinstance(part, BaseException))


def public_addresses(host: str, port: int) -> list[str]:
    """Return the addresses of ``host``, looked up once; :class:`SourceUnavailable` when one of them is not public."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise SourceUnavailable(
                f"the wiki {host} leads to a private address, which is not called",
                hint="the setting wiki_private_hosts names the hosts that may have one",
            )
    return found


def _connect(host: str, port: int, timeout: Any) -> socket.socket:
    error: OSError | None = None
    for address in public_addresses(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as failed:
            error = failed
    raise error or OSError(f"{host} has no address")


class _PublicConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port, self.timeout)


class _PublicTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, self.timeout)


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicTlsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicTlsConnection


class _PublicAdapter(HTTPAdapter):
    """Connects to the address that was checked, whatever the name means a moment later."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}
