"""Write the network of cooperation as GraphML, for programs that analyse networks.

Source: GraphML primer (http://graphml.graphdrawing.org/primer/graphml-primer.html).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

#: From an IRI and a language, "fr" or "en", to a name.
Name = Callable[[str, str], str]

#: Keys of nodes and edges, with their type.
_KEYS: Final = {
    "node": {"label_fr": "string", "label_en": "string", "kind": "string", "type": "string", "iri": "string"},
    "edge": {
        "iri": "string",
        "kind": "string",
        "what": "string",
        "what_fr": "string",
        "what_en": "string",
        "start": "string",
        "end": "string",
    },
}


def write_graphml(path: Path, network: Mapping[str, list[dict[str, Any]]], search_index: Path) -> None:
    """Write the network that ``ptce_lod.release.network`` gives, with the names of things in the search index."""
    with closing(sqlite3.connect(search_index)) as connection:
        names = {
            iri: {"fr": french, "en": english}
            for iri, french, english in connection.execute("SELECT iri, label_fr, label_en FROM thing")
        }

    def name(iri: str, language: str) -> str:
        return names[iri][language] if iri in names else iri

    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(graphml(network["nodes"], network["edges"], name))


def graphml(nodes: Iterable[dict[str, Any]], edges: Iterable[dict[str, Any]], name: Name) -> Iterator[str]:
    """Yield GraphML in pieces; characters that XML cannot hold are left out."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for domain, keys in _KEYS.items():
        for key, type_ in keys.items():
            yield f'<key id="{domain[0]}-{key}" for="{domain}" attr.name="{key}" attr.type="{type_}"/>\n'
    yield '<graph id="ptce" edgedefault="undirected">\n'
    for node in nodes:
        iri = node["id"]
        values = {
            "label_fr": name(iri, "fr"),
            "label_en": name(iri, "en"),
            "kind": node["kind"],
            "type": node["type"],
            "iri": iri,
        }
        yield f"<node id={_attribute(iri)}>{_data('node', values)}</node>\n"
    for number, edge in enumerate(edges):
        what = edge["what"]
        named = {"what_fr": name(what, "fr"), "what_en": name(what, "en")} if what else {}
        ends = f"source={_attribute(edge['source'])} target={_attribute(edge['target'])}"
        yield f'<edge id="e{number}" {ends}>{_data("edge", {**edge, **named})}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(domain: str, values: Mapping[str, str]) -> str:
    return "".join(
        f'<data key="{domain[0]}-{key}">{escape(_in_xml(values[key]))}</data>'
        for key in _KEYS[domain]
        if values.get(key)
    )


def _attribute(text: str) -> str:
    return quoteattr(_in_xml(text))


def _in_xml(text: str) -> str:
    """Return a text without the characters that no XML document holds (XML 1.0, production 2)."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
