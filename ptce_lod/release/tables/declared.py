"""The tables there are: one ``*.toml`` each, which names its columns in both languages and says by patterns where they come from."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ptce_lod.namespaces import FIXED_PREFIXES

_FOLDER: Final = Path(__file__).parent
#: Datatypes of columns, as XSD calls them. Dates are texts: a source may know the year alone.
DATATYPES: Final = ("string", "anyURI", "integer", "decimal")
#: Between the values of a cell that holds several (CSVW, ``separator``).
SEPARATOR: Final = "|"
_DATES: Final = ("date", "until", "first_recognised", "issued")


class Column(NamedTuple):
    """A column: ``predicate`` is the IRI of what relates the row's thing to the value, or ""; titles and descriptions by language."""

    name: str
    datatype: str
    predicate: str
    title: dict[str, str]
    description: dict[str, str]
    many: bool
    is_filter: bool

    @property
    def is_date(self) -> bool:
        """Whether texts are dates, as precise as the source."""
        return self.name in _DATES


class Block(NamedTuple):
    """Columns that are found together, by a graph pattern in SPARQL that binds ``?id`` and each of them."""

    pattern: str
    columns: tuple[Column, ...]


class Table(NamedTuple):
    """A table of the things that ``things`` finds as ``?id``; ``dataset`` is the dataset of the catalogue that it belongs to."""

    name: str
    dataset: str
    things: str
    title: dict[str, str]
    description: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns; the first identifies the row."""
        return (_ID, *(column for block in self.blocks for column in block.columns))

    @property
    def is_located(self) -> bool:
        """Whether rows may have a position."""
        return {"latitude", "longitude"} <= {column.name for column in self.columns}

    @property
    def query(self) -> str:
        """The table as one SELECT, of which a thing with several values has several solutions: what its columns mean."""
        optional = "".join(f"  OPTIONAL {{ {block.pattern.strip()} }}\n" for block in self.blocks)
        names = " ".join(f"?{column.name}" for column in self.columns)
        return f"SELECT DISTINCT {names} WHERE {{\n  {self.things}\n{optional}}}"


_ID: Final = Column(
    "id",
    "anyURI",
    "",
    {"fr": "Identifiant", "en": "Identifier"},
    {
        "fr": "IRI permanent de la chose ; son adresse mène à sa page et à ses données.",
        "en": "Permanent IRI of the thing; its address leads to its page and data.",
    },
    many=False,
    is_filter=True,
)


@cache
def declared() -> tuple[Table, ...]:
    """Return the tables by name. ValueError, with the file, when one names a datatype or a prefix that there is not."""
    return tuple(_table(path) for path in sorted(_FOLDER.glob("*.toml")))


def _table(path: Path) -> Table:
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    blocks = []
    for block in found["block"]:
        many = block.get("many", False)
        columns = tuple(_column(path, column, many=many) for column in block["column"])
        if many and len(columns) > 2:
            raise ValueError(
                f"{path.name}: a block of many values has an IRI and its name, not {len(columns)} columns"
            )
        blocks.append(Block(block["pattern"], columns))
    return Table(
        path.stem, found["dataset"], found["things"], found["title"], found["description"], tuple(blocks)
    )


def _column(path: Path, column: dict[str, Any], *, many: bool) -> Column:
    datatype = column.get("datatype", "string")
    if datatype not in DATATYPES:
        raise ValueError(
            f"{path.name}: {column['name']} has the datatype {datatype!r}, expected one of {DATATYPES}"
        )
    return Column(
        column["name"],
        datatype,
        _expanded(path, column.get("property", "")),
        column["title"],
        column["description"],
        many,
        column.get("filter", False),
    )


def _expanded(path: Path, name: str) -> str:
    if not name:
        return ""
    prefix, _, local = name.partition(":")
    if prefix not in FIXED_PREFIXES:
        raise ValueError(f"{path.name}: {name!r} has no prefix of ours")
    return FIXED_PREFIXES[prefix] + local
