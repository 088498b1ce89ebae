"""The picture of docs/explanation/architecture.md, held against the imports: a room uses what stands below it, never beside or above."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "ptce_lod"

#: Room → floor. Rooms on one floor do not import each other, except where ALLOWED says so.
FLOORS = {
    "errors": 0,
    "namespaces": 0,
    "terms": 1,
    "iris": 1,
    "description_rule": 1,
    "formats": 1,
    "licences": 1,
    "lexical": 1,
    "folding": 1,
    "spelling": 1,
    "identifiers": 1,
    "collation": 1,
    "page_address": 1,
    "link_policy": 1,
    "decisions": 1,
    "dates": 1,
    "numbers": 1,
    "wiki_markup": 1,
    "serialize": 1,
    "folders": 1,
    "settings": 2,
    "parse": 2,
    "wiki": 3,
    "ingest": 3,
    "validate": 3,
    "release": 3,
    "scaffold": 4,
    "pipeline": 4,
    "query": 4,
    "edit": 5,
    "link": 5,
    "web": 6,
    "export": 7,
    "cli": 8,
}
#: ``query`` knows of ``release`` only where things lie.
ONLY_LAYOUT = "query"
#: Libraries that only some rooms may import.
LIBRARIES = {
    "flask": {"web", "export"},
    "waitress": {"web"},
    "click": {"cli"},
    "rich": {"cli"},
    "pyshacl": {"validate"},
    "mwclient": {"wiki"},
    "mwparserfromhell": {"wiki"},
    "protego": {"wiki"},
    "requests": {"wiki"},
}


def imports(path: Path) -> set[str]:
    """Return the dotted names that a module imports, at its top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def room(dotted: str) -> str | None:
    """Return the room of a dotted name of ours, else None."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "ptce_lod" and len(parts) > 1 and parts[1] in FLOORS else None


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_from_floors_below(path: Path) -> None:
    own = name_of(path)
    for dotted in imports(path):
        other = room(dotted)
        if other is not None and other != own:
            assert FLOORS[other] < FLOORS[own] or (FLOORS[other] == FLOORS[own] <= 1), (
                f"{path.name} imports {dotted}"
            )


@pytest.mark.parametrize("path", sorted((PACKAGE / "query").rglob("*.py")), ids=lambda p: p.name)
def test_the_query_room_knows_of_releases_only_where_things_lie(path: Path) -> None:
    for dotted in imports(path):
        if dotted.startswith("ptce_lod.release."):
            assert dotted.startswith("ptce_lod.release.layout"), dotted
        assert not dotted.startswith("ptce_lod.pipeline"), dotted


def test_libraries_stay_in_their_rooms() -> None:
    for path in MODULES:
        for dotted in imports(path):
            rooms = LIBRARIES.get(dotted.partition(".")[0])
            assert rooms is None or name_of(path) in rooms, f"{path.name} imports {dotted}"


def test_web_code_asks_the_backend_never_the_engine() -> None:
    for path in (PACKAGE / "web").rglob("*.py"):
        engines = {d for d in imports(path) if d.partition(".")[0] in ("rdflib", "sqlite3")}
        assert not engines, f"{path.name} imports {engines}"


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    names = {
        ".".join(("ptce_lod", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): p
        for p in MODULES
    }
    for name, path in names.items():
        graph[name] = {dotted for dotted in imports(path) if dotted in names and dotted != name}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_only_settings_reads_the_environment() -> None:
    for path in MODULES:
        if name_of(path) in ("settings", "cli"):
            continue
        assert "os.environ" not in path.read_text(encoding="utf-8"), path
