"""What the store gives back conforms as well: engines rewrite some literals on the way in (Oxigraph: derived integer types)."""

from __future__ import annotations

import json

import pyoxigraph as ox
import rdflib

from ptce_lod import pipeline
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings


def test_what_the_store_serves_breaks_no_constraint(published: Settings) -> None:
    layout = VarLayout(published.var_dir).published()
    store = ox.Store.read_only(str(layout.store))
    own = tuple(
        f"{published.base_iri}graph/{name}/" for name in ("vocabulary", "schemes", "alignments", "shapes")
    )
    triples = {
        str(quad.triple)
        for quad in store
        if isinstance(quad.graph_name, ox.NamedNode) and not quad.graph_name.value.startswith(own)
    }
    data = rdflib.Graph()
    data.parse(data="\n".join(f"{triple} ." for triple in triples), format="ntriples")
    report = pipeline.validate_graph(published, data)
    assert report.conforms, report.to_text("en")


def test_the_counts_of_the_real_data_are_the_ones_known(published: Settings) -> None:
    """Violations never; warnings and remarks are known gaps of the sources: a change of their number is looked at."""
    statistics = json.loads(VarLayout(published.var_dir).published().statistics.read_text(encoding="utf-8"))
    assert statistics["report"]["violations"] == 0
    assert statistics["report"]["warnings"] == 207
    assert statistics["report"]["infos"] == 115
