"""The datasets of a release: everything, and the meaningful wholes in it. Dumps, tables and the catalogue follow this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ptce_lod.licences import DATA, VOCABULARY, Licence

Texts = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A dataset of a release: what the subjects of some types, or some graphs, say.

    ``types`` are types of things; ``graphs`` the names of graphs of the vocabulary. ``title`` and ``description`` are (French, English);
    ``keywords`` pairs of these.
    """

    name: str
    title: Texts
    description: Texts
    types: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    keywords: tuple[Texts, ...] = ()

    @property
    def licence(self) -> Licence:
        """Its licence: of the vocabulary and the shapes that which they declare."""
        return VOCABULARY if self.graphs else DATA


#: Keywords of every dataset: letters, digits, spaces and hyphens alone, as CKAN takes them.
KEYWORDS: Final[tuple[Texts, ...]] = (
    ("PTCE", "PTCE"),
    ("économie sociale et solidaire", "social economy"),
    ("coopération économique", "economic cooperation"),
    ("développement local", "local development"),
)
PARTS: Final = (
    Part(
        "poles",
        ("Pôles territoriaux de coopération économique", "Territorial clusters for economic cooperation"),
        (
            "Les pôles (PTCE) : noms, territoires, secteurs, étapes de leur vie, sites, avec les sources de chaque énoncé.",
            "The clusters (PTCE): names, territories, sectors, stages of their life, sites, with the sources of each statement.",
        ),
        types=("pole", "initiative", "stage-period", "territory"),
        keywords=(("pôles", "clusters"), ("territoires", "territories")),
    ),
    Part(
        "actors",
        ("Acteurs des PTCE et leurs participations", "Actors of PTCE and their participations"),
        (
            "Les organisations qui prennent part à un pôle, à une coopération ou à un appel, leur nature, leur rôle et leurs dates. "
            "Aucune personne physique.",
            "The organisations that take part in a cluster, a cooperation or a call, their kind, role and dates. "
            "No natural person.",
        ),
        types=("actor", "participation"),
        keywords=(("organisations", "organisations"), ("associations", "associations")),
    ),
    Part(
        "cooperations",
        ("Coopérations au sein des PTCE", "Cooperations within PTCE"),
        (
            "Ce que font ensemble deux acteurs ou plus : locaux, emplois, achats, projets mis en commun, avec leurs parties.",
            "What two or more actors do together: shared premises, jobs, purchases, projects, with their parties.",
        ),
        types=("cooperation", "project"),
        keywords=(("mutualisation", "pooling"), ("projets", "projects")),
    ),
    Part(
        "calls",
        (
            "Appels à projets et reconnaissances des PTCE",
            "Calls for projects and recognitions of PTCE",
        ),
        (
            "Les appels de l'État et des régions, leurs lauréats connus et le nombre de ceux qui manquent, les labels et les cohortes.",
            "Calls of the State and of regions, their known laureates and how many are missing, labels and cohorts.",
        ),
        types=("call", "recognition", "cohort"),
        keywords=(("appels à projets", "calls for projects"), ("lauréats", "laureates")),
    ),
    Part(
        "events",
        ("Histoire des PTCE", "History of PTCE"),
        (
            "Rencontres, lois, lancements et ouvertures qui ont fait les PTCE, datés selon ce que disent leurs sources.",
            "Meetings, laws, launches and openings that made the PTCE, dated as their sources say.",
        ),
        types=("event",),
        keywords=(("histoire", "history"), ("événements", "events")),
    ),
    Part(
        "figures",
        ("Chiffres et affirmations sur les PTCE", "Figures and claims on PTCE"),
        (
            "Chiffres avec leur date et leur périmètre, affirmations, et pour chacun le passage de la source qui le porte.",
            "Figures with their date and scope, claims, and for each the passage of the source that makes it.",
        ),
        types=("observation", "claim", "evidence"),
        keywords=(("statistiques", "statistics"),),
    ),
    Part(
        "places",
        ("Lieux des PTCE", "Places of PTCE"),
        (
            "Communes, départements et régions des pôles et des acteurs, avec leurs codes INSEE et la position des communes.",
            "Municipalities, departments and regions of clusters and actors, with INSEE codes and the positions of municipalities.",
        ),
        types=("unit",),
        keywords=(("communes", "municipalities"), ("régions", "regions")),
    ),
    Part(
        "sources",
        ("Sources sur les PTCE", "Sources on PTCE"),
        (
            "Les pages et documents que ces données citent, avec ce qui les identifie : titre, éditeur, date, adresse, licence.",
            "The pages and documents that these data cite, with what identifies them: title, publisher, date, address, licence.",
        ),
        types=("source", "document"),
        keywords=(("bibliographie", "bibliography"),),
    ),
    Part(
        "vocabulary",
        ("Vocabulaire PTCE", "PTCE vocabulary"),
        (
            "L'ontologie RDF des pôles, des acteurs et des coopérations, ses listes de valeurs SKOS et ses alignements.",
            "The RDF ontology of clusters, actors and cooperations, its SKOS value lists and its alignments.",
        ),
        graphs=("vocabulary", "schemes", "alignments"),
        keywords=(("ontologie", "ontology"), ("vocabulaire", "vocabulary"), ("RDF", "RDF")),
    ),
    Part(
        "shapes",
        ("Formes SHACL pour les PTCE", "SHACL shapes for PTCE"),
        (
            "Les contraintes SHACL que ces données respectent à chaque publication, avec leurs messages en français et en anglais.",
            "The SHACL constraints that these data keep at each publication, with their messages in French and English.",
        ),
        graphs=("shapes",),
        keywords=(("SHACL", "SHACL"), ("validation", "validation")),
    ),
)
#: Graphs that no source has, made at each build or write: name → what they are. How many triples follows.
MADE: Final[Mapping[str, Texts]] = {
    "derived": (
        "Ce qui se déduit de toutes les sources prises ensemble : membres de chaque groupement, qui coopère avec qui, départements et "
        "régions de chaque pôle, jours par lesquels trier",
        "What follows from all sources taken together: members of each grouping, who cooperates with whom, departments and regions of "
        "each pole, days to sort by",
    ),
    "catalog": (
        "La liste des sources et des graphes nommés de ces données : titres, provenance, dates, licences, sommes de contrôle et taille "
        "de chacun",
        "The list of the sources and named graphs of these data: titles, provenance, dates, licences, checksums and the size of each",
    ),
    "queries": (
        "Les exemples de requêtes SPARQL de ce serveur, décrits comme des données : titres, descriptions, mots-clés et texte de chacune",
        "The example SPARQL queries of this server, described as data: titles, descriptions, keywords and the text of each",
    ),
    "edits": (
        "Ce qui a été modifié en ligne après la lecture des sources, par qui a le droit d'écrire, à part de ce que disent les sources",
        "What was changed online after the sources were read, by those who may write, apart from what the sources say",
    ),
}
#: Name of a part → its licence.
LICENCE_OF: Final = {part.name: part.licence for part in PARTS}


def membership(base_iri: str) -> Callable[[str], str]:
    """Return the function from a canonical line to the name of the part that it is in, "" for none. Each line is in one part at most.

    >>> membership("http://e/")('<http://e/id/pole/a> <http://p> "x" <http://e/graph/poles/2026-11-22> .')
    'poles'
    """
    by_type = {type_: part.name for part in PARTS for type_ in part.types}
    by_graph = {graph: part.name for part in PARTS for graph in part.graphs}
    things, graphs = f"<{base_iri}id/", f"<{base_iri}graph/"

    def part_of(line: str) -> str:
        if line.startswith(things):
            return by_type.get(line[len(things) : line.index("/", len(things))], "")
        graph = line[line.rindex(" <", 0, -2) + 1 :]
        return (
            by_graph.get(graph[len(graphs) : graph.index("/", len(graphs))], "")
            if graph.startswith(graphs)
            else ""
        )

    return part_of
