"""Settings: defaults, then file, then environment, then flags; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.errors import SettingsError
from ptce_lod.settings import Settings, load


def test_each_layer_overrides_the_one_below(tmp_path: Path) -> None:
    (tmp_path / "ptce.toml").write_text('port = 1001\nhost = "127.0.0.2"\npage_size = 10\n', encoding="utf-8")
    environment = {"PTCE_PORT": "1002", "PTCE_PAGE_SIZE": "20", "OTHER": "x"}
    found = load({"port": 1003, "host": None}, environment=environment, folder=tmp_path)
    assert (found.port, found.host, found.page_size) == (1003, "127.0.0.2", 20)
    assert found.base_iri == "http://127.0.0.2:1003/"


def test_a_named_settings_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read"):
        load(environment={"PTCE_SETTINGS_FILE": str(tmp_path / "nowhere.toml")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prot = 1", "there is no setting 'prot'"),
        ("port = true", "port is True, expected a whole number"),
        ("port =", "not TOML"),
        ('query_timeout_seconds = "soon"', "query_timeout_seconds is 'soon', expected a number"),
    ],
)
def test_a_mistake_in_the_file_names_file_and_key(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "ptce.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"ptce\.toml") as caught:
        load(environment={}, folder=tmp_path)
    assert expected in caught.value.message


def test_an_unknown_key_is_answered_with_the_one_that_may_be_meant() -> None:
    with pytest.raises(SettingsError) as caught:
        load(environment={"PTCE_QUERY_TIMEOUT": "5"})
    assert caught.value.hint == "did you mean 'query_timeout_seconds'?"


@pytest.mark.parametrize(
    ("base_iri", "expected"),
    [
        ("https://data.example.org/ptce", "expected it to end in a slash"),
        ("https://data.example.org/?x=1", "without query or fragment"),
        ("https://data.example.org/a b/", "expected an absolute http or https IRI"),
        ("ftp://data.example.org/", "expected an absolute http or https IRI"),
    ],
)
def test_a_base_iri_must_be_one(base_iri: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected):
        Settings(base_iri=base_iri)


def test_an_ipv6_host_makes_a_base_iri_with_brackets() -> None:
    assert Settings(host="::1", port=8000).base_iri == "http://[::1]:8000/"


def test_a_type_of_publisher_is_one_of_the_eu_s() -> None:
    with pytest.raises(SettingsError, match=r"publisher_type is 'Firm', expected one of .*Company"):
        Settings(publisher_type="Firm")
    assert Settings(publisher_type="Company").publisher_type == "Company"
