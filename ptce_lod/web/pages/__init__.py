"""Pages for people: every function returns a whole HTML page in French or English.

The only seam of the HTML: the rest of the web room knows these functions.
"""

from __future__ import annotations

from ptce_lod.web.pages.cards import citation_of, render_card
from ptce_lod.web.pages.catalog import render_catalog, render_dataset, render_dumps, render_releases
from ptce_lod.web.pages.documents import render_document, schema_of
from ptce_lod.web.pages.feed import render_feed, render_feed_page
from ptce_lod.web.pages.fragment import ShownFragment, render_fragment
from ptce_lod.web.pages.i18n import translator as texts
from ptce_lod.web.pages.linking import render_linking
from ptce_lod.web.pages.map_page import render_map
from ptce_lod.web.pages.network import render_network
from ptce_lod.web.pages.news import News, news_summary, news_title, render_news
from ptce_lod.web.pages.past import render_history, render_timemap
from ptce_lod.web.pages.query import (
    read_solutions,
    render_sparql_form,
    render_sparql_graph,
    render_sparql_table,
    render_sparql_too_large,
)
from ptce_lod.web.pages.reconcile import (
    feature_name,
    flyout,
    property_name,
    property_values_name,
    render_reconcile,
    type_name,
)
from ptce_lod.web.pages.reference import render_reference
from ptce_lod.web.pages.search import kind_of, place_of, render_search, value_label
from ptce_lod.web.pages.site import (
    WORDS,
    render_home,
    render_list,
    render_problem,
    render_problem_types,
)
from ptce_lod.web.pages.static_site import (
    render_static_problem,
    render_static_search,
    render_static_sparql,
    static_examples,
    static_search_index,
)
from ptce_lod.web.pages.statistics import render_statistics, row_label
from ptce_lod.web.pages.timeline import render_timeline
from ptce_lod.web.pages.vocabulary import render_shapes, render_vocabulary
from ptce_lod.web.pages.wikis import render_wikis, wiki_pieces

__all__ = [
    "WORDS",
    "News",
    "ShownFragment",
    "citation_of",
    "feature_name",
    "flyout",
    "kind_of",
    "news_summary",
    "news_title",
    "place_of",
    "property_name",
    "property_values_name",
    "read_solutions",
    "render_card",
    "render_catalog",
    "render_dataset",
    "render_document",
    "render_dumps",
    "render_feed",
    "render_feed_page",
    "render_fragment",
    "render_history",
    "render_home",
    "render_linking",
    "render_list",
    "render_map",
    "render_network",
    "render_news",
    "render_problem",
    "render_problem_types",
    "render_reconcile",
    "render_reference",
    "render_releases",
    "render_search",
    "render_shapes",
    "render_sparql_form",
    "render_sparql_graph",
    "render_sparql_table",
    "render_sparql_too_large",
    "render_static_problem",
    "render_static_search",
    "render_static_sparql",
    "render_statistics",
    "render_timeline",
    "render_timemap",
    "render_vocabulary",
    "render_wikis",
    "row_label",
    "schema_of",
    "static_examples",
    "static_search_index",
    "texts",
    "type_name",
    "value_label",
    "wiki_pieces",
]
