"""The validation report as one static page: no script, no outside resource, French and English side by side.

Deterministic and escaped: every text of the data goes through ``html.escape``, and only http(s) addresses become links.
"""

from __future__ import annotations

from html import escape
from typing import Final

from rdflib.term import Identifier, URIRef

from ptce_lod.validate.report import (
    Severity,
    Texts,
    ValidationReport,
    ValidationResult,
    in_language,
    severity_name,
    term_text,
)

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid #8888; padding: .25rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
section { border-top: 2px solid #8888; margin-top: 2rem; }
.violation h2 { border-left: .6rem solid #b3261e; padding-left: .6rem; }
.warning h2 { border-left: .6rem solid #a15c00; padding-left: .6rem; }
.info h2 { border-left: .6rem solid #1f5fa8; padding-left: .6rem; }
.pair { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
"""

_HEADINGS: Final = "".join(
    f'<th scope="col">{french} / <span lang="en">{english}</span></th>'
    for french, english in (("Nœud", "Node"), ("Chemin", "Path"), ("Valeur", "Value"))
)


def report_page(report: ValidationReport) -> str:
    """Return the page; the same report gives the same text."""
    verdict = (
        ("Les données respectent les formes.", "The data conform.")
        if report.conforms
        else ("Les données ne respectent pas les formes.", "The data do not conform.")
    )
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="fr">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Rapport de validation / Validation report</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            '<h1>Rapport de validation / <span lang="en">Validation report</span></h1>',
            _pair(*verdict),
            _summary(report),
            *(_section(first, group) for first, group in report.by_shape()),
            "</main>",
            "</body>",
            "</html>\n",
        )
    )


def _pair(french: str, english: str) -> str:
    return f'<div class="pair"><p>{escape(french)}</p><p lang="en">{escape(english)}</p></div>'


def _texts_pair(choices: Texts) -> str:
    return _pair(in_language(choices, "fr"), in_language(choices, "en"))


def _names(severity: Severity) -> str:
    french, english = severity_name(severity, "fr"), severity_name(severity, "en")
    return french if french == english else f'{french} / <span lang="en">{english}</span>'


def _summary(report: ValidationReport) -> str:
    counts = report.counts()
    rows = "".join(
        f'<tr><th scope="row">{_names(severity)}</th><td>{counts[severity.name.lower() + "s"]}</td></tr>'
        for severity in Severity
    )
    return f'<table><caption>Résultats / <span lang="en">Results</span></caption>{rows}</table>'


def _section(first: ValidationResult, group: list[ValidationResult]) -> str:
    french, english = (in_language(first.names, language) or first.shape_name for language in ("fr", "en"))
    rows = "\n".join(_row(result) for result in group)
    return f"""<section class="{first.severity.name.lower()}">
<h2>{escape(french)} / <span lang="en">{escape(english)}</span></h2>
<p>{_names(first.severity)} · {len(group)} · <a href="{escape(first.source_shape)}"><code>{escape(first.shape_name)}</code></a></p>
{_texts_pair(first.descriptions) if first.descriptions else ""}
{_texts_pair(first.messages)}
<details{" open" if len(group) <= 20 else ""}>
<summary>Où / <span lang="en">Where</span> ({len(group)})</summary>
<table>
<tr>{_HEADINGS}</tr>
{rows}
</table>
</details>
</section>"""


def _row(result: ValidationResult) -> str:
    value = "" if result.value_node is None else _term(result.value_node)
    return f"<tr><td>{_term(result.focus_node)}</td><td><code>{escape(result.path_text)}</code></td><td>{value}</td></tr>"


def _term(term: Identifier) -> str:
    text = escape(term_text(term))
    if isinstance(term, URIRef) and str(term).startswith(("http://", "https://")):
        return f'<a href="{text}">{text}</a>'
    return text
