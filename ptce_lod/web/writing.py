"""What the two ways of writing share: who may, what they are told afterwards. Sources: RFC 6750 (bearer tokens), RFC 9110 section 13."""

from __future__ import annotations

import json
from typing import Final, cast

from flask import Flask, Response, current_app, request
from werkzeug.http import parse_etags

from ptce_lod.edit.requests import Author, GraphRequest, Outcome, UpdateRequest, Writer
from ptce_lod.edit.tokens import TokenFile
from ptce_lod.errors import BadRequest, Forbidden, Unauthorized
from ptce_lod.formats import TURTLE, Format
from ptce_lod.web import context
from ptce_lod.web.negotiation import negotiate

_JSON: Final = Format("json", "JSON", "application/json", "json", also=("application/problem+json",))
_PATCH: Final = Format("patch", "RDF Patch", "application/rdf-patch", "rdfp", also=("text/rdf-patch",))
_DRY_RUN: Final = (_JSON, TURTLE, _PATCH)
_WRITER: Final = "ptce-writer"
_TOKENS: Final = "ptce-tokens"


def init_app(app: Flask, writer: Writer | None, tokens: TokenFile | None) -> None:
    """Give ``app`` what carries out writes; without ``tokens``, everybody may (a scratch dataset), without ``writer`` nobody."""
    app.extensions[_WRITER] = writer
    app.extensions[_TOKENS] = tokens


def is_enabled() -> bool:
    """Say whether anything can be written here."""
    return current_app.extensions[_WRITER] is not None


def writer() -> Writer:
    """Return what carries out writes; :class:`Forbidden` when writing is not enabled."""
    found = current_app.extensions[_WRITER]
    if found is None:
        raise Forbidden(
            f"writing is not enabled on this server, so {request.path} answers nothing",
            hint="its operator enables it by the setting tokens_file",
        )
    return cast("Writer", found)


def author(scope: str) -> Author:
    """Return who sends the request, when their token allows ``scope``.

    Raises :class:`Unauthorized` for a missing or unknown token, :class:`Forbidden` for one of another scope. Tokens are read from the
    header only: addresses end up in logs.
    """
    tokens = cast("TokenFile | None", current_app.extensions[_TOKENS])
    if tokens is None:
        return Author("anonymous")
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("writing needs a token", hint="send the header: Authorization: Bearer TOKEN")
    token = tokens.find(secret.strip())
    if token is None:
        raise Unauthorized("the token is not known here", hint="ask the operator of this server for one")
    if scope not in token.scopes:
        raise Forbidden(
            f"the token {token.author.name!r} does not allow {scope}",
            hint=f"its scopes are: {', '.join(sorted(token.scopes))}",
        )
    return token.author


def has_tokens() -> bool:
    """Say whether tokens are accepted here."""
    return current_app.extensions[_TOKENS] is not None


def signed_author(scope: str) -> Author:
    """Return who sends the request, by a token that allows ``scope``; :class:`Forbidden` also where writing needs none."""
    if not has_tokens():
        raise Forbidden(
            f"no token is accepted on this server, so {request.path} answers nothing",
            hint="its operator enables it by the setting tokens_file",
        )
    return author(scope)


def carry_out(change: UpdateRequest | GraphRequest, scope: str, *, dry_run: bool) -> Outcome:
    """Carry out a write in the name of who sends the request, if its ``If-Match`` holds."""
    releases = _expected_releases()
    return writer().write(change, author(scope), dry_run=dry_run, if_release=releases)


def _expected_releases() -> tuple[str, ...]:
    """Return the releases that ``If-Match`` names: our entity tags begin with the release."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return ()
    tags = [*parse_etags(header).as_set()]
    if not tags:
        raise BadRequest(
            "If-Match holds no entity tag", link="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1"
        )
    return tuple(sorted({tag.partition("-")[0] for tag in tags}))


def told(outcome: Outcome) -> Response:
    """Return the answer to a write that was carried out, or tried: what changed, and for a dry run the report and the difference."""
    # Not 406: what was asked for is done by now, and clients of updates ask for result formats that no update has.
    format_ = negotiate(context.accept(), _DRY_RUN) or _JSON
    if format_ is TURTLE and outcome.report is not None:
        body = outcome.report.to_turtle().decode()
    elif format_ is _PATCH:
        body = outcome.patch
    else:
        format_ = _JSON
        body = json.dumps(_members(outcome), ensure_ascii=False, indent=2) + "\n"
    response = Response(body, content_type=format_.content_type)
    response.vary.add("Accept")
    return _marked(response, outcome)


def _members(outcome: Outcome) -> dict[str, object]:
    members: dict[str, object] = {
        "release": outcome.release,
        "added": outcome.added,
        "removed": outcome.removed,
        "dry-run": outcome.dry_run,
    }
    if outcome.report is not None:
        members["conforms"] = outcome.report.conforms
        members["report"] = outcome.report.to_json() if outcome.dry_run else outcome.report.counts()
    if outcome.dry_run:
        members["patch"] = outcome.patch
    return members


def empty(outcome: Outcome, status: int) -> Response:
    """Return an answer without a body."""
    return _marked(Response(status=status), outcome)


def _marked(response: Response, outcome: Outcome) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["PTCE-Release"] = outcome.release
    return response
