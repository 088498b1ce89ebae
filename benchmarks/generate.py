"""Make source folders of any size that look like the real ones and go through the same metadata and mappings.

Copied from ``data/sources``: every folder's metadata and mapping, and the small reference tables (units, sectors, calls, sources).
Made up, from a seed: poles, actors, memberships, cooperations, events, recognitions and their readings. Nothing here describes anybody.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ptce_lod.ingest.source import file_sha256

#: Rows of each table per pole, near the real proportions (95 poles, 351 actors, 324 participations, 94 cooperations …).
ACTORS_PER_POLE: Final = 4
COOPERATIONS_PER_POLE: Final = 1
_REFERENCE: Final = ("units", "sectors", "sources", "calls", "call-readings", "solecopedia-ptce")
_WORDS: Final = (
    "atelier",
    "fabrique",
    "coopérative",
    "maison",
    "halle",
    "réseau",
    "filière",
    "énergie",
    "mobilité",
    "forêt",
    "laine",
    "vélo",
    "ferme",
    "côte",
    "vallée",
    "pays",
)

Row = dict[str, str]


def generate(real: Path, target: Path, poles: int, seed: int = 1) -> None:
    """Write source folders with ``poles`` made-up poles into ``target``, using the mappings of the folder ``real``."""
    chance = random.Random(seed)
    for folder in sorted(p for p in real.iterdir() if p.is_dir()):
        shutil.copytree(folder, target / folder.name)
    makers = {
        "poles": _poles,
        "actors": _actors,
        "memberships": _memberships,
        "cooperations": _cooperations,
        "recognitions": _recognitions,
    }
    for folder in sorted(p for p in target.iterdir() if p.is_dir()):
        if folder.name in _REFERENCE:
            continue
        table = folder / f"{folder.name}.csv"
        header, rows = _read(table)
        maker = makers.get(folder.name)
        made = maker(poles, chance, rows) if maker else iter(())
        _write(table, header, made)
        _refresh(folder / "source.ttl", table)


def _read(table: Path) -> tuple[list[str], list[Row]]:
    with table.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader.fieldnames or ()), list(reader)


def _write(table: Path, header: list[str], rows: Iterable[Row]) -> None:
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _refresh(source: Path, table: Path) -> None:
    text = source.read_text(encoding="utf-8")
    text = re.sub(r'(spdx:checksumValue\s+")[0-9a-f]*', rf"\g<1>{file_sha256(table)}", text)
    source.write_text(text, encoding="utf-8")


def _name(chance: random.Random) -> str:
    return " ".join(chance.sample(_WORDS, 3)).capitalize()


def _poles(count: int, chance: random.Random, real: list[Row]) -> Iterator[Row]:
    kept = (
        "commune",
        "insee_code",
        "departement_code",
        "region",
        "latitude",
        "longitude",
        "sectors",
        "source_url",
    )
    for n in range(count):
        model = chance.choice(real)
        yield {
            **{key: model[key] for key in kept},
            "id": f"pole-{n}",
            "name_fr": f"{_name(chance)} {n}",
            "status": "other",
            "note": "Données inventées.",
        }


def _actors(count: int, chance: random.Random, real: list[Row]) -> Iterator[Row]:
    kept = ("actor_type", "legal_form", "commune", "insee_code", "departement_code", "source_url")
    yield from real  # calls and the seed's facts name them
    for n in range(count * ACTORS_PER_POLE):
        model = chance.choice(real)
        yield {**{key: model[key] for key in kept}, "id": f"actor-{n}", "name_fr": f"{_name(chance)} {n}"}


def _memberships(count: int, chance: random.Random, real: list[Row]) -> Iterator[Row]:
    for n in range(count):
        for k in range(ACTORS_PER_POLE):
            model = chance.choice(real)
            actor = (n * ACTORS_PER_POLE + k) if k else chance.randrange(count * ACTORS_PER_POLE)
            yield {
                "pole_id": f"pole-{n}",
                "actor_id": f"actor-{actor}",
                "role": "member" if k else "founder",
                "start_year": model["start_year"],
                "source_url": model["source_url"],
            }


def _cooperations(count: int, chance: random.Random, real: list[Row]) -> Iterator[Row]:
    for n in range(count * COOPERATIONS_PER_POLE):
        model = chance.choice(real)
        parties = sorted(
            {f"actor-{chance.randrange(count * ACTORS_PER_POLE)}" for _ in range(chance.randint(2, 5))}
        )
        yield {
            **{key: model[key] for key in ("type", "start", "end", "source_url")},
            "id": f"cooperation-{n}",
            "participants": ";".join(parties),
            "pole_id": f"pole-{n % count}",
            "label_fr": f"{_name(chance)} {n}",
        }


def _recognitions(count: int, chance: random.Random, real: list[Row]) -> Iterator[Row]:
    for n in range(0, count, 2):
        model = chance.choice(real)
        yield {**model, "pole_id": f"pole-{n}"}
