"""The tokens that allow writing, read from a file: names, scopes, graphs, and the SHA-256 of each secret.

::

    [[token]]
    name = "alice"
    sha256 = "…"                 # of the secret; or, for a short test, secret = "…"
    scopes = ["update", "graph-store"]
    graphs = ["https://…/graph/edits/"]   # optional: graphs whose IRI begins so, and no others

The file is read again when it changes, so that a token can be withdrawn at once. Source: RFC 6750 (bearer tokens).
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ptce_lod.edit.requests import Author
from ptce_lod.errors import SettingsError

#: What a token may allow, and what that means.
SCOPES: Final = {
    "update": "SPARQL Update at /update",
    "graph-store": "the Graph Store Protocol at /rdf-graph-store",
    "link": "decisions on links at /links",
}
_KEYS: Final = frozenset({"name", "sha256", "secret", "scopes", "graphs"})


@dataclass(frozen=True)
class Token:
    """One token; ``digest`` is the SHA-256 of its secret."""

    author: Author
    digest: bytes
    scopes: frozenset[str]


class TokenFile:
    """The tokens of a file, read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._tokens: tuple[Token, ...] = ()
        self.tokens()

    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens; :class:`SettingsError` when the file cannot be read or is not as described."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._tokens = _read(self._path)
                self._stamp = stamp
        except OSError as error:
            raise SettingsError(
                f"{self._path}: cannot be read ({error.strerror})", hint="the setting tokens_file names it"
            ) from error
        return self._tokens

    def find(self, secret: str) -> Token | None:
        """Return the token of a secret, or None. Takes the same time whichever token it is, or none."""
        digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
        found = None
        for token in self.tokens():
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found


def _read(path: Path) -> tuple[Token, ...]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error
    entries = document.get("token")
    if not isinstance(entries, list) or set(document) != {"token"}:
        raise SettingsError(f"{path}: expected [[token]] tables and nothing else")
    tokens = tuple(_token(path, number, entry) for number, entry in enumerate(entries, start=1))
    names = [token.author.name for token in tokens]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{path}: two tokens are named {name!r}")
    return tokens


def _token(path: Path, number: int, entry: dict[str, Any]) -> Token:
    where = f"{path}: token {number}"
    for key in entry:
        if key not in _KEYS:
            raise SettingsError(f"{where}: there is no key {key!r}, expected {', '.join(sorted(_KEYS))}")
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise SettingsError(f"{where}: name is missing or not a line of text")
    scopes = entry.get("scopes", [])
    unknown = [s for s in scopes if s not in SCOPES] if isinstance(scopes, list) else [scopes]
    if unknown or not scopes:
        raise SettingsError(f"{where} ({name}): scopes is {scopes!r}, expected a list of {', '.join(SCOPES)}")
    graphs = entry.get("graphs", [])
    if not isinstance(graphs, list) or not all(isinstance(g, str) and g for g in graphs):
        raise SettingsError(f"{where} ({name}): graphs is {graphs!r}, expected a list of beginnings of IRIs")
    return Token(Author(name, tuple(graphs)), _digest(where, name, entry), frozenset(scopes))


def _digest(where: str, name: str, entry: dict[str, Any]) -> bytes:
    secret, digest = entry.get("secret"), entry.get("sha256")
    if isinstance(secret, str) and digest is None and len(secret) >= 8:
        return hashlib.sha256(secret.encode()).digest()
    if isinstance(digest, str) and secret is None and len(digest) == 64:
        try:
            return bytes.fromhex(digest)
        except ValueError:
            pass
    raise SettingsError(
        f"{where} ({name}): expected either sha256, 64 hexadecimal digits, or secret, at least 8 characters",
        hint="`ptce-lod new-token NAME` makes one",
    )
