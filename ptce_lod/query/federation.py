"""``SERVICE`` for the endpoints that the operator allows, and for no others; off by default.

The calls are made here, before the query runs, and their solutions take the place of the clauses as ``VALUES``: that is what SPARQL 1.1
Federated Query section 2 defines, a join of the clause's solutions with the rest. So workers need no network, and the text that reaches
the engine holds no ``SERVICE``; it passes the same scan as any other.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

from ptce_lod.errors import QueryRefused, ServiceFailed, SettingsError
from ptce_lod.iris import is_absolute_iri
from ptce_lod.query.scan import Token, refusal, tokens
from ptce_lod.terms import literal_term

_SERVICE: Final = re.compile("service", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}
_HINT: Final = "query the other endpoint yourself and join the results"
_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that may be called: its address in parts; ``is_literal``: the host is an address, not a name."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_literal(self) -> bool:
        """Say whether the host is written as an IP address, so that the operator meant that very one."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return True


#: Asks an endpoint a query; returns the body of its answer.
Fetch = Callable[[Endpoint, str, float, int], bytes]


def read_endpoints(text: str) -> tuple[Endpoint, ...]:
    """Return the endpoints that a setting lists, parted by white space or commas; :class:`SettingsError` for what is no http(s) address."""
    found = []
    for item in text.replace(",", " ").split():
        endpoint = _endpoint(urlsplit(item))
        if endpoint is None:
            raise SettingsError(f"service_endpoints: {item!r} is no http(s) address")
        found.append(endpoint)
    return tuple(found)


def _endpoint(parts: SplitResult) -> Endpoint | None:
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.query or parts.fragment:
        return None
    return Endpoint(parts.scheme, parts.hostname.lower(), port or _PORTS[parts.scheme], parts.path or "/")


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    endpoint: Endpoint
    pattern: str
    is_silent: bool


@dataclass(frozen=True)
class Federation:
    """What a query may call, and within which limits. ``prefixes`` are those known without declaration."""

    endpoints: Sequence[Endpoint]
    timeout_seconds: float
    result_bytes: int
    base_iri: str
    prefixes: Mapping[str, str]

    def resolved(self, text: str, fetch: Fetch | None = None) -> str:
        """Return the query with each ``SERVICE`` clause replaced by the solutions of its endpoint.

        Raises :class:`QueryRefused` for an endpoint that is not allowed, or not written as an IRI; :class:`ServiceFailed` when an endpoint
        does not answer as it should and the clause is not ``SILENT``.
        """
        if not self.endpoints or not _SERVICE.search(text):
            return text
        clauses = self._clauses(text)
        prologue = _prologue(text)
        parts: list[str] = []
        done = 0
        for clause in clauses:
            parts += [text[done : clause.start], self._values(clause, prologue, fetch or call)]
            done = clause.end
        parts.append(text[done:])
        return "".join(parts)

    def _clauses(self, text: str) -> list[_Clause]:
        found: list[_Clause] = []
        stream = iter(tokens(text))
        for token in stream:
            if token.kind != "word" or token.text.upper() != "SERVICE":
                continue
            following = next(stream, None)
            is_silent = following is not None and following.text.upper() == "SILENT"
            if is_silent:
                following = next(stream, None)
            opening = next(stream, None)
            if following is None or following.kind != "iri" or opening is None or opening.text != "{":
                raise refusal(text, token.start, "SERVICE is allowed only with an IRI between < and >", _HINT)
            endpoint = self._allowed(text, following)
            end = _end_of_group(text, stream)
            pattern = text[opening.end : end - 1]
            if _SERVICE.search(pattern):
                raise refusal(text, token.start, "SERVICE within SERVICE is not allowed", _HINT)
            found.append(_Clause(token.start, end, endpoint, pattern, is_silent))
        return found

    def _allowed(self, text: str, token: Token) -> Endpoint:
        wanted = _endpoint(urlsplit(token.text[1:-1]))
        if wanted not in self.endpoints or wanted is None:
            raise refusal(
                text,
                token.start,
                f"SERVICE {token.text[:200]} is not among the endpoints allowed here",
                _HINT,
            )
        return wanted

    def _values(self, clause: _Clause, prologue: Sequence[str], fetch: Fetch) -> str:
        declared = {line.split(None, 2)[1] for line in prologue if line.upper().startswith("PREFIX")}
        used = {t.text.partition(":")[0] for t in tokens(clause.pattern) if t.kind == "prefixed_name"}
        known = [
            f"PREFIX {name}: <{self.prefixes[name]}>"
            for name in sorted(used)
            if name in self.prefixes and f"{name}:" not in declared
        ]
        query = "\n".join(
            (f"BASE <{self.base_iri}>", *known, *prologue, f"SELECT * WHERE {{{clause.pattern}}}")
        )
        try:
            answer = fetch(clause.endpoint, query, self.timeout_seconds, self.result_bytes)
            return self._table(answer)
        except ServiceFailed:
            if clause.is_silent:
                return "{ }"
            raise

    def _table(self, answer: bytes) -> str:
        try:
            document = json.loads(answer)
            variables = [str(name) for name in document["head"]["vars"]]
            rows = document["results"]["bindings"]
            if not all(re.fullmatch(r"\w+", name) for name in variables):
                raise ValueError("a variable has an impossible name")
            lines = [" ".join(self._term(row.get(name)) for name in variables) for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ServiceFailed(f"an endpoint's answer is not SPARQL JSON: {type(error).__name__}") from error
        if not variables:
            return "{ }" if rows else "{ FILTER(false) }"
        names = " ".join(f"?{name}" for name in variables)
        return f"{{ VALUES ({names}) {{ {' '.join(f'({line})' for line in lines)} }} }}"

    def _term(self, binding: Mapping[str, Any] | None) -> str:
        if binding is None:
            return "UNDEF"
        kind, value = binding["type"], str(binding["value"])
        if kind == "bnode":
            label = "".join(c for c in value if c.isalnum())
            return f"<{self.base_iri}.well-known/genid/{label}>"
        if kind == "uri":
            if not is_absolute_iri(value):
                raise ValueError("an IRI that is none")
            return f"<{value}>"
        language, datatype = str(binding.get("xml:lang", "")), str(binding.get("datatype", ""))
        if language and not re.fullmatch(r"[A-Za-z]+(-[A-Za-z0-9]+)*", language):
            raise ValueError("a language tag that is none")
        if datatype and not is_absolute_iri(datatype):
            raise ValueError("a datatype that is none")
        return literal_term(value, language=language, datatype="" if language else datatype)


def _end_of_group(text: str, stream: Iterable[Token]) -> int:
    """Return where the group ends whose opening brace has been read."""
    depth, end = 1, 0
    for token in stream:
        depth += (token.text == "{") - (token.text == "}")
        end = token.end
        if not depth:
            return end
    raise refusal(text, end, "a SERVICE clause has no end", "close its brace")


def _prologue(text: str) -> list[str]:
    """Return the declarations at the start of a query, a line each."""
    found: list[str] = []
    stream = iter(tokens(text))
    for token in stream:
        upper = token.text.upper()
        if upper == "PREFIX":
            name, iri = next(stream, None), next(stream, None)
            if name is None or iri is None or iri.kind != "iri":
                break
            found.append(f"PREFIX {name.text} {iri.text}")
        elif upper == "BASE":
            iri = next(stream, None)
            if iri is None:
                break
            found.append(f"BASE {iri.text}")
        else:
            break
    return found


def call(endpoint: Endpoint, query: str, timeout_seconds: float, limit: int) -> bytes:
    """Ask an endpoint by POST; return the body of its answer. Redirects are not followed, private addresses not called.

    Raises :class:`ServiceFailed`; :class:`QueryRefused` when a name leads to an address that is not public.
    """
    address = _public_address(endpoint)
    connection = _Pinned(endpoint, address, timeout_seconds)
    try:
        connection.request(
            "POST",
            endpoint.path,
            urlencode({"query": query}),
            {
                "Accept": _JSON,
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "ptce-lod (https://w3id.org/ptce/)",
            },
        )
        response = connection.getresponse()
        if response.status != 200:
            raise ServiceFailed(f"the endpoint {endpoint.host} answered {response.status}, expected 200")
        body = response.read(limit + 1)
    except (OSError, http.client.HTTPException) as error:
        raise ServiceFailed(
            f"the endpoint {endpoint.host} cannot be asked: {type(error).__name__}"
        ) from error
    finally:
        connection.close()
    if len(body) > limit:
        raise ServiceFailed(f"the endpoint {endpoint.host} answered more than {limit} bytes")
    return body


def _public_address(endpoint: Endpoint) -> str:
    """Return the address to connect to, looked up once: what is checked is what is called."""
    if endpoint.is_literal:
        return endpoint.host
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ServiceFailed(f"the name {endpoint.host} leads nowhere") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise QueryRefused(
                f"the endpoint {endpoint.host} leads to a private address, which is not called"
            )
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name means a moment later."""

    def __init__(self, endpoint: Endpoint, address: str, timeout_seconds: float) -> None:
        super().__init__(endpoint.host, endpoint.port, timeout=timeout_seconds)
        self._address = address
        self._secure = endpoint.scheme == "https"

    def connect(self) -> None:
        """Open the connection."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
