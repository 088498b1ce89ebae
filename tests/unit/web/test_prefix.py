from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release

BASE = "https://data.example.org/ptce/"


@pytest.mark.parametrize("mount", ["", "/ptce"])
def test_everything_holds_under_a_path_whether_or_not_the_proxy_strips_it(tmp_path: Path, mount: str) -> None:
    var_dir = tmp_path / "var"
    build_small_release(var_dir, base_iri=BASE)
    client = create_app(project_settings(var_dir, base_iri=BASE)).test_client()
    thing = client.get(f"{mount}/id/pole/archer")
    assert thing.headers["Location"] == "/ptce/doc/pole/archer"
    document = client.get(f"{mount}/doc/pole/archer.ttl")
    assert f"{BASE}id/pole/".encode() in document.data
    assert b"127.0.0.1" not in document.data


def test_the_path_without_its_slash_leads_to_the_home_page(tmp_path: Path) -> None:
    build_small_release(tmp_path / "var", base_iri=BASE)
    client = create_app(project_settings(tmp_path / "var", base_iri=BASE)).test_client()
    for query in ("", "?lang=en"):
        answer = client.get(f"/ptce{query}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/ptce/{query}")
        assert client.head(f"/ptce{query}").status_code == 301
    assert client.post("/ptce").status_code == 405
    assert client.get("/ptces").status_code == 404
