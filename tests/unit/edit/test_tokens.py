from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from ptce_lod.cli import cli
from ptce_lod.edit.requests import Author
from ptce_lod.edit.tokens import SCOPES, TokenFile
from ptce_lod.errors import SettingsError

DIGEST = hashlib.sha256(b"a long secret").hexdigest()
GOOD = f'[[token]]\nname = "alice"\nsha256 = "{DIGEST}"\nscopes = ["update"]\n'


def file(folder: Path, text: str) -> TokenFile:
    path = folder / "tokens.toml"
    path.write_text(text, encoding="utf-8")
    return TokenFile(path)


def test_a_secret_is_found_by_its_digest(tmp_path: Path) -> None:
    tokens = file(
        tmp_path, GOOD + '[[token]]\nname = "bob"\nsecret = "another secret"\nscopes = ["graph-store"]\n'
    )
    alice, bob = tokens.find("a long secret"), tokens.find("another secret")
    assert alice is not None
    assert alice.author.name == "alice"
    assert alice.scopes == {"update"}
    assert bob is not None
    assert bob.author.name == "bob"
    assert tokens.find("a long secre") is None
    assert tokens.find("") is None
    assert tokens.find("\ud800") is None


def test_a_token_taken_out_of_the_file_is_refused_at_once(tmp_path: Path) -> None:
    tokens = file(tmp_path, GOOD)
    path = tmp_path / "tokens.toml"
    path.write_text(GOOD.replace(DIGEST, "0" * 64), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert tokens.find("a long secret") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("token = [", "not TOML"),
        ("[token]\nname = 'x'", r"expected \[\[token\]\] tables"),
        ("other = 1\n" + GOOD, r"expected \[\[token\]\] tables"),
        (GOOD.replace("name", "nom"), "there is no key 'nom'"),
        (GOOD.replace('"alice"', '""'), "name is missing"),
        (
            GOOD.replace('"update"', '"everything"'),
            r"scopes is \['everything'\], expected a list of update, graph-store",
        ),
        (GOOD.replace('["update"]', "[]"), "scopes is"),
        (GOOD.replace(DIGEST, "12"), "expected either sha256, 64 hexadecimal digits, or secret"),
        (GOOD.replace(DIGEST, "z" * 64), "expected either sha256"),
        (GOOD + 'secret = "also a secret"\n', "expected either sha256"),
        (GOOD + GOOD, "two tokens are named 'alice'"),
        (GOOD + "graphs = 'http://g'\n", "expected a list of beginnings of IRIs"),
    ],
)
def test_a_wrong_file_is_refused_with_what_was_expected(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        file(tmp_path, text)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        TokenFile(tmp_path / "none.toml")


def test_a_token_may_be_for_some_graphs_only() -> None:
    author = Author("alice", ("http://g/edits/",))
    assert author.may_write("http://g/edits/current")
    assert not author.may_write("http://g/other")
    assert not author.may_write("")
    assert Author("bob").may_write("http://anything")


@pytest.mark.parametrize("scope", SCOPES)
def test_the_command_makes_a_token_of_every_scope_that_there_is(tmp_path: Path, scope: str) -> None:
    made = CliRunner().invoke(cli, ["new-token", "mk", "--scope", scope])
    assert made.exit_code == 0, made.output
    tokens = file(tmp_path, made.stdout)
    found = tokens.find(made.stderr.strip().rpartition(" ")[2])
    assert found is not None
    assert found.scopes == {scope}
