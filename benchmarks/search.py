"""Time search and suggestions over made-up poles. Run as ``python -m benchmarks.search POLES``; prints one JSON object."""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from benchmarks.generate import generate
from ptce_lod import pipeline
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.release.search_index import write_search_index
from ptce_lod.settings import Settings

_ROOT = Path(__file__).resolve().parent.parent
_ROUNDS = 200
#: Searches that find a great part of everything, and are the slowest.
_BROAD = ("atelier", "p", "pole", "maison des forets", "bretagne")


def measure(poles: int) -> dict[str, Any]:
    """Build ``poles`` made-up poles and time what readers type: names, beginnings, typos, words that nearly everything has."""
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        sources.mkdir()
        generate(_ROOT / "data" / "sources", sources, poles)
        settings = Settings(data_dir=sources, var_dir=Path(folder) / "var")
        result = pipeline.build(settings, validate=False)
        var = VarLayout(settings.var_dir)
        with locked(var):
            publish(var, result.layout.release_id)
        store = ox.Store.read_only(str(result.layout.store))
        started = time.perf_counter()
        write_search_index(Path(folder) / "again.sqlite", store, settings.addresses)
        index_s = time.perf_counter() - started
        del store
        backend = EmbeddedBackend(var.published(), settings)
        try:
            total, _ = backend.things("actors", limit=1)
            chance = random.Random(1)
            names = [
                backend.things("actors", offset=chance.randrange(total), limit=1)[1][0].label_fr
                for _ in range(_ROUNDS)
            ]
            beginnings = [name[: chance.randint(1, len(name))] for name in names]
            typos = [_typo(name, chance) for name in names]
            backend.search("atelier")  # reads the facets
            return {
                "poles": poles,
                "quads": backend.statistics["quads"],
                "index_s": index_s,
                "index_MB": result.layout.search_index.stat().st_size / 1e6,
                **_times("suggest_ms", backend.suggest, beginnings),
                **_times("suggest_typo_ms", backend.suggest, typos),
                **_times("search_ms", backend.search, names),
                **_times("search_typo_ms", backend.search, typos),
                **_times("search_broad_ms", backend.search, list(_BROAD) * 4),
            }
        finally:
            backend.close()


def _typo(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name))
    return name[:place] + chance.choice("aeiourst") + name[place + 1 :]


def _times(name: str, ask: Callable[[str], object], texts: list[str]) -> dict[str, float]:
    found = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        found.append((time.perf_counter() - started) * 1000)
    found.sort()
    return {name: statistics.median(found), f"{name}_95": found[int(len(found) * 0.95)]}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
