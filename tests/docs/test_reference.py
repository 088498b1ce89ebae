"""The reference tells the truth: no setting, command, exit code or format without its paragraph, no dead link between pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ptce_lod import formats
from ptce_lod.cli import cli
from ptce_lod.cli.output import DEFECT, EXIT_CODES, INTERRUPTED
from ptce_lod.settings import Settings, field_names
from tests.conftest import PROJECT

DOCS = PROJECT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *PROJECT.glob("*.md"), PROJECT / "LICENSES/README.md", PROJECT / "data/README.md"]
)


@pytest.mark.parametrize("name", field_names())
def test_every_setting_is_described_with_its_default(name: str) -> None:
    text = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{name}` \| (.*?) \| (.+) \|$", text, re.MULTILINE)
    assert row is not None
    default = Settings.__dataclass_fields__[name].default
    shown = row[1].strip("`").replace("_", "")
    assert shown in (str(default).replace("_", ""), "–")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"`{name}\b", (DOCS / "reference/cli.md").read_text(encoding="utf-8"))


def test_every_exit_code_is_described() -> None:
    text = (DOCS / "reference/cli.md").read_text(encoding="utf-8")
    for code in {code for _, code in EXIT_CODES} | {0, 2, 9, DEFECT, INTERRUPTED}:
        assert f"\n| {code} | " in text


@pytest.mark.parametrize("format_", [*formats.RDF_ANSWERS, *formats.RESULT_FORMATS], ids=lambda f: f.name)
def test_every_format_is_described(format_: formats.Format) -> None:
    text = (DOCS / "reference/formats.md").read_text(encoding="utf-8")
    assert f"| {format_.label} | `{format_.name}` | `{format_.media_type}` | `.{format_.extension}` |" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(PROJECT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target
