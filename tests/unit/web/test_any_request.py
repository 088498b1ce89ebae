"""Whatever is asked, the answer is never an error of the server: any route of the description with any values of its parameters."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.web.test_openapi import described, parameters

#: What readers of addresses stumble over: controls, non-characters, halves of escapes, other scripts, dots, signs of other syntaxes.
NASTY = (
    "", ".", "..", "/", "%", "%zz", "%2F", "\x00", "\x9f", "\ufffe", "\ufdd0", "\U000f0000", "[", "a#b#c", "http://e/%zz", "http://[x]/",
    "javascript:0", "<script>", "{", '"', "'", "\\", "é", "e\u0301", "\u202e", "😀", "0", "-1", "1e9", "9" * 30, "NaN", "2026-02-30", "*",
    "a,b", "; DROP", "\r\nX-Evil: 1", "SELECT", "{}", "[]", "null", '{"q0": {"query": 1}}', "~", "$", "@", "a" * 300,
)  # fmt: skip


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    return described(app)


@given(data=st.data())
@settings(max_examples=2_000)
def test_no_request_is_an_error_of_the_server(
    app: Flask, document: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(p for p, item in document["paths"].items() if "get" in item)))
    anything = st.sampled_from(NASTY) | st.text(max_size=20)
    values: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for each in parameters(document, path, "get"):
        if each["in"] == "path" or (each["in"] == "query" and data.draw(st.booleans())):
            good = st.just(str(each["example"])) if "example" in each else st.nothing()
            values[each["in"]][each["name"]] = data.draw(good | anything, label=each["name"])
    address = re.sub(r"{(\w+)}", lambda found: quote(values["path"][found[1]], safe=""), path)
    answer = app.test_client(use_cookies=False).get(f"{address}?{urlencode(values['query'])}")
    assert answer.status_code < 500 or "timeout" in answer.text, (address, values["query"], answer.text)
    answer.close()
