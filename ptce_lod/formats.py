"""The registry of serialisations, once: routing, negotiation, dumps, catalogue and links all read it.

A format is an RDF syntax or a SPARQL result syntax. Media types: IANA; file extensions: the media types' registrations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Format:
    """One serialisation.

    ``name`` is the value of ``format=`` parameters; ``media_type`` is sent, ``also`` are accepted as well; ``extension``
    has no dot; ``file_type`` is the code in the EU authority table of file types; ``only_named`` formats are sent to nobody by a wildcard;
    ``is_binary`` ones are no text.
    """

    name: str
    label: str
    media_type: str
    extension: str
    holds_named_graphs: bool = False
    also: tuple[str, ...] = field(default=())
    file_type: str = ""
    only_named: bool = False
    is_binary: bool = False

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` value, of a text with its charset: some clients guess Latin-1 without it."""
        return self.media_type if self.is_binary else f"{self.media_type}; charset=utf-8"

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media type sent, then those also accepted."""
        return (self.media_type, *self.also)


TURTLE: Final = Format(
    "turtle", "Turtle", "text/turtle", "ttl", also=("application/x-turtle",), file_type="RDF_TURTLE"
)
TRIG: Final = Format(
    "trig", "TriG", "application/trig", "trig", True, also=("application/x-trig",), file_type="RDF_TRIG"
)
N_TRIPLES: Final = Format(
    "ntriples", "N-Triples", "application/n-triples", "nt", also=("text/plain",), file_type="RDF_N_TRIPLES"
)
N_QUADS: Final = Format(
    "nquads", "N-Quads", "application/n-quads", "nq", True, also=("text/x-nquads",), file_type="RDF_N_QUADS"
)
JSON_LD: Final = Format(
    "jsonld",
    "JSON-LD",
    "application/ld+json",
    "jsonld",
    True,
    also=("application/json",),
    file_type="JSON_LD",
)
RDF_XML: Final = Format(
    "rdfxml",
    "RDF/XML",
    "application/rdf+xml",
    "rdf",
    also=("application/xml", "text/xml"),
    file_type="RDF_XML",
)
#: Turtle under its elder's name (every Turtle document is N3): for who asks by that name, and offered to nobody else.
N3: Final = Format("n3", "Notation3", "text/n3", "n3", only_named=True)
HTML: Final = Format("html", "HTML", "text/html", "html", also=("application/xhtml+xml",), file_type="HTML")

#: Of lists of results, for programs that read neither RDF nor SPARQL results, and for feed readers.
JSON: Final = Format("plain-json", "JSON", "application/json", "json", file_type="JSON")
GEOJSON: Final = Format("geojson", "GeoJSON", "application/geo+json", "geojson", file_type="GEOJSON")
ATOM: Final = Format("atom", "Atom", "application/atom+xml", "atom", file_type="ATOM")

#: RDF syntaxes, in the order that breaks ties of negotiation.
RDF_FORMATS: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG, N_QUADS)
#: What an RDF resource is answered in, with those that are not offered.
RDF_ANSWERS: Final = (*RDF_FORMATS, N3)

SPARQL_JSON: Final = Format(
    "json",
    "SPARQL JSON",
    "application/sparql-results+json",
    "srj",
    also=("application/json", "text/json"),
    file_type="JSON",
)
SPARQL_XML: Final = Format(
    "xml",
    "SPARQL XML",
    "application/sparql-results+xml",
    "srx",
    also=("application/xml", "text/xml"),
    file_type="XML",
)
SPARQL_CSV: Final = Format("csv", "CSV", "text/csv", "csv", file_type="CSV")
SPARQL_TSV: Final = Format("tsv", "TSV", "text/tab-separated-values", "tsv", file_type="TSV")

XLSX: Final = Format(
    "xlsx",
    "XLSX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
    file_type="XLSX",
    is_binary=True,
)
PARQUET: Final = Format(
    "parquet", "Parquet", "application/vnd.apache.parquet", "parquet", file_type="PARQUET", is_binary=True
)
#: Of networks; the EU authority table knows no more of it than that it is XML.
GRAPHML: Final = Format("graphml", "GraphML", "application/graphml+xml", "graphml", file_type="XML")
#: Of the tables among the dumps, and of the network beside them.
TABLE_FORMATS: Final = (SPARQL_CSV, XLSX, PARQUET, GEOJSON, GRAPHML)

#: Result syntaxes of SELECT and ASK, in the order that breaks ties.
RESULT_FORMATS: Final = (SPARQL_JSON, SPARQL_XML, SPARQL_CSV, SPARQL_TSV)
#: Result syntaxes that can carry the answer of ASK.
BOOLEAN_FORMATS: Final = (SPARQL_JSON, SPARQL_XML, SPARQL_CSV, SPARQL_TSV)

#: The W3C's list "Unique URIs for File Formats", and our name of a format → its name there.
W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"
W3C_NAMES: Final = {
    "turtle": "Turtle",
    "trig": "TriG",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}

BY_NAME: Final = {f.name: f for f in (*RDF_FORMATS, HTML, *RESULT_FORMATS)}
RDF_BY_EXTENSION: Final = {f.extension: f for f in RDF_FORMATS}
TABLE_BY_EXTENSION: Final = {f.extension: f for f in TABLE_FORMATS}


def rdf_format_of_path(path: str) -> Format | None:
    """Return the RDF format that a file name's extension stands for, else None."""
    return RDF_BY_EXTENSION.get(path.rsplit(".", 1)[-1].lower()) if "." in path else None
