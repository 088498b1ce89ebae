"""Entity documents, uncached, in process: Turtle and HTML of a pole, as the data grow; rdflib's serialiser on the same quads beside it.

Run as ``python -m benchmarks.documents.in_process POLES``: prints one JSON object.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import rdflib

from benchmarks.generate import generate
from ptce_lod import formats, pipeline, serialize
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages import render_document

_DOCUMENTS = 200


def _median_ms(run: Callable[[int], object], numbers: list[int]) -> float:
    times = []
    for number in numbers:
        started = time.perf_counter()
        run(number)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def measure(poles: int) -> dict[str, float]:
    """Build a release of ``poles`` made-up poles (without SHACL) and time documents of different poles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sources"
        folder.mkdir()
        generate(Path("data/sources"), folder, poles)
        settings = replace(Settings(), data_dir=folder, var_dir=Path(name) / "var")
        result = pipeline.build(settings, validate=False)
        var = VarLayout(settings.var_dir)
        with locked(var):
            publish(var, result.layout.release_id)
        gc.freeze()  # as the server does once it is ready
        gc.set_threshold(100_000, 50, 100)
        started = time.perf_counter()
        backend = EmbeddedBackend(result.layout, settings)
        app = create_app(settings)
        client = app.test_client()
        client.get("/doc/pole/pole-0", headers={"Accept": "text/turtle"})
        first = (time.perf_counter() - started) * 1000
        chance = random.Random(7)
        # Other poles for each measure: nothing that one of them read is remembered for the next.
        everyone = chance.sample(range(1, poles), min(5 * _DOCUMENTS, poles - 1))
        samples = [everyone[k::5] for k in range(5)]
        base = settings.base_iri

        def described(number: int) -> object:
            return backend.describe(f"{base}id/pole/pole-{number}")

        def turtle(number: int) -> object:
            description = backend.describe(f"{base}id/pole/pole-{number}")
            assert description is not None
            return serialize.serialize(description.quads, formats.TURTLE, settings.addresses.prefixes())

        def response(accept: str) -> Callable[[int], object]:
            def get(number: int) -> object:
                answer = client.get(f"/doc/pole/pole-{number}", headers={"Accept": accept})
                assert answer.status_code == 200
                return answer.data

            return get

        def with_rdflib(number: int) -> object:
            graph = rdflib.Graph()
            description = backend.describe(f"{base}id/pole/pole-{number}")
            assert description is not None
            graph.parse(data=serialize.serialize(description.quads, formats.N_TRIPLES, {}), format="ntriples")
            begun = time.perf_counter()
            graph.serialize(format="turtle")
            rdflib_ms.append((time.perf_counter() - begun) * 1000)
            return None

        def html(number: int) -> object:
            iri = f"{base}id/pole/pole-{number}"
            description = backend.describe(iri)
            assert description is not None
            return render_document(backend, settings, iri, description, "fr")

        rdflib_ms: list[float] = []
        html(0)
        figures = {
            "poles": poles,
            "quads": result.quads,
            "first_request_ms": first,
            "describe_ms": _median_ms(described, samples[0]),
            "turtle_ms": _median_ms(turtle, samples[1]),
            "html_ms": _median_ms(html, samples[2]),
            "turtle_request_ms": _median_ms(response("text/turtle"), samples[3]),
            "html_request_ms": _median_ms(response("text/html"), samples[4]),
        }
        for number in samples[0][:20]:
            with_rdflib(number)
        figures["rdflib_serialize_ms"] = statistics.median(rdflib_ms)
        backend.close()
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
