"""Parameters of queries over the made-up data."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.http.data import BASE, Data

_REGIONS: Final = (
    "auvergne-rhone-alpes",
    "bretagne",
    "grand-est",
    "hauts-de-france",
    "ile-de-france",
    "normandie",
    "nouvelle-aquitaine",
    "occitanie",
    "pays-de-la-loire",
    "provence-alpes-cote-d-azur",
)
_SECTORS: Final = (
    "insertion",
    "alimentation-locale",
    "tiers-lieux",
    "recyclage-dechets",
    "formation",
    "mobilite",
)
_KINDS: Final = ("association", "local-authority", "network", "company", "cooperative", "research-centre")
_WORDS: Final = ("atelier", "fabrique", "maison", "halle", "ferme", "pays")


def parameters(data: Data, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield parameters for one query after another, without end: subjects differ, so that no cache of answers can help."""
    with (Path(data.sources) / "poles/poles.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["name_fr"] for row in csv.DictReader(stream)]
    chance = random.Random(seed)
    while True:
        # A number to which no digit can be added: searches by prefix and by word find the same.
        pole = chance.randrange((data.poles + 9) // 10, data.poles)
        west, south = chance.uniform(-2, 5), chance.uniform(43, 48)
        yield {
            "base": BASE,
            "pole": str(pole),
            "actor": str(chance.randrange(data.poles * 4)),
            "word": names[pole].split()[1],
            "common": chance.choice(_WORDS),
            "number": str(chance.randrange(10, 100)),
            "region": chance.choice(_REGIONS),
            "sector": chance.choice(_SECTORS),
            "kind": chance.choice(_KINDS),
            "west": f"{west:.4f}",
            "east": f"{west + 1:.4f}",
            "south": f"{south:.4f}",
            "north": f"{south + 1:.4f}",
        }
