"""``/update``: the update operation of the SPARQL 1.1 Protocol (section 2.2), for those who have a token."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed

from ptce_lod.edit.requests import UpdateRequest
from ptce_lod.errors import BadRequest, MalformedQuery
from ptce_lod.iris import is_absolute_iri
from ptce_lod.web import writing
from ptce_lod.web.bodies import FORM, flag, form_parameters, only, text_body, url_parameters, wrong_type

blueprint: Final = Blueprint("update", __name__)
_UPDATE_TYPE: Final = "application/sparql-update"
_SECTION: Final = "https://www.w3.org/TR/sparql11-protocol/#update-operation"


@blueprint.route("/update", methods=["GET", "POST"])
def update() -> Response:
    """Carry out an update; with ``dry-run``, only say what it would do."""
    writing.writer()
    if request.method != "POST":
        raise MethodNotAllowed(
            ["POST", "OPTIONS"],
            "an update is sent by POST: as the parameter 'update' of a form, or as the body",
        )
    writing.author("update")
    parameters, text = _read_request()
    if not text.strip():
        raise BadRequest("the update is empty")
    using = tuple(parameters.getlist("using-graph-uri"))
    named = tuple(parameters.getlist("using-named-graph-uri"))
    for iri in (*using, *named):
        if not is_absolute_iri(iri):
            raise MalformedQuery(f"the name of a graph must be an absolute IRI, not {iri!r}", link=_SECTION)
    prefixes = "prefixes" not in parameters or flag(parameters, "prefixes")
    change = UpdateRequest(text, using, named, prefixes)
    return writing.told(writing.carry_out(change, "update", dry_run=flag(parameters, "dry-run")))


def _read_request() -> tuple[MultiDict[str, str], str]:
    parameters = url_parameters()
    if request.mimetype == _UPDATE_TYPE:
        if "update" in parameters:
            raise BadRequest("there are two updates: one in the address and one in the body", link=_SECTION)
        return parameters, text_body("the update")
    if request.mimetype == FORM:
        if "update" in parameters:
            raise BadRequest("the update belongs in the body of the form, not in the address", link=_SECTION)
        parameters.update(form_parameters())
        text = only(parameters, "update")
        if text is None:
            raise BadRequest("the form holds no parameter 'update'", link=_SECTION)
        return parameters, text
    raise wrong_type((_UPDATE_TYPE, FORM), link=_SECTION)
