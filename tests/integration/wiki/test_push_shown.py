"""What a reader of a real MediaWiki sees of what was pushed: links stand in sentences, and no gaps around boxes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.wiki.blocks import digest_of, empty
from ptce_lod.wiki.kit import TEMPLATES, template
from tests.conftest import project_settings
from tests.integration.wiki import mediawiki
from tests.integration.wiki.mediawiki import MediaWiki
from tests.integration.wiki.test_push import BOT, Project

BASE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def own_wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    """A wiki of this file alone: it is written to."""
    with mediawiki.with_robot(tmp_path_factory.mktemp("shown"), BOT) as running:
        yield running


@pytest.fixture
def project(own_wiki: MediaWiki, published: Settings, tmp_path: Path) -> Project:
    own_wiki.write("Tetris", f"{empty('infobox pole/tetris')}\n'''Tetris''', du texte.\n[[Catégorie:PTCE]]")
    return Project(own_wiki, published, tmp_path)


def shown(wiki: MediaWiki, **asked: str) -> str:
    """Return the HTML that the wiki makes of a page or a text."""
    answer = wiki.site.api("parse", prop="text", disablelimitreport="1", **asked)
    return str(answer["parse"]["text"]["*"])


def old_template(name: str) -> str:
    """Return a page as versions before wrote it: with line breaks, which every use copied."""
    inside = f"\n{template(name, BASE, 'fr').rstrip()}\n"
    return f"<!-- ptce-lod template {name} sha256:{digest_of(inside)} -->{inside}<!-- /ptce-lod -->"


def test_templates_stand_in_sentences_and_lists_and_former_ones_are_mended(project: Project) -> None:
    for name in TEMPLATES["fr"]:
        project.wiki.write(f"Modèle:{name}", old_template(name))
    use = (
        "Voir {{PTCE-lien|pole/tetris|Tetris}} et {{PTCE-citation|pole/tetris|Tetris}} la suite.\n"
        "* Un {{PTCE-lien|pole/tetris|T}}.\n* Deux"
    )
    assert "<pre>" in shown(project.wiki, text=use, title="Essai"), "as it was"
    project.pull()
    done = project.apply("--templates")
    assert {done[f"Modèle:{name}"]["state"] for name in TEMPLATES["fr"]} == {"written"}
    html = shown(project.wiki, text=use, title="Essai")
    assert "<pre>" not in html
    words = re.sub("<[^>]*>", "", html.replace("</li>", "|"))
    assert re.search(r"Voir Tetris \(données ouvertes liées\) et Tetris, PTCE-LOD,.* la suite\.", words)
    assert "Un T (données ouvertes liées).|" in words
    again = project.apply("--templates")
    assert {page["state"] for page in again.values()} == {"unchanged"}


def test_a_link_stands_in_its_sentence(project: Project) -> None:
    project.wiki.write("Tetris", f"Avant {empty('link pole/tetris')} après. [[Catégorie:PTCE]]")
    project.pull()
    assert project.apply()["Tetris"]["state"] == "written"
    html = shown(project.wiki, page="Tetris")
    assert re.search(r"<p>Avant <span [^>]*><a [^>]*>[^<]*</a></span> après\.", html), html
    assert project.apply()["Tetris"]["state"] == "unchanged"


@pytest.mark.parametrize("style", ["plain", "template"])
@pytest.mark.parametrize("after", ["\n", "\n\n", " "])
def test_no_gap_above_or_below_a_box(project: Project, style: str, after: str) -> None:
    project.map(style)
    project.wiki.write("Tetris", f"{empty('infobox pole/tetris')}{after}Du texte.\n\n[[Catégorie:PTCE]]")
    project.pull()
    project.apply("--templates")
    html = re.sub(r"\s+", " ", shown(project.wiki, page="Tetris"))
    assert not re.search(r"<p>\s*(<br\s*/?>)?\s*</p>|<br|<pre", html), html
    assert re.search(r'^<div class="mw-parser-output"><table', html), html
    assert re.search(r"</table> ?<p> ?Du texte\. ?</p>", html), html
    assert project.apply("--templates")["Tetris"]["state"] == "unchanged"


def test_a_link_to_a_concept_leads_to_its_document(project: Project) -> None:
    use = empty("link concept/grouping-type/ptce")
    project.wiki.write(
        "Tetris", f"Voir {use} et {{{{PTCE-lien|concept/grouping-type/ptce|x}}}}. [[Catégorie:PTCE]]"
    )
    project.pull()
    assert project.apply("--templates")["Tetris"]["state"] == "written"
    project.pull()
    assert json.loads(project.run("report", "test", "--json").output)["unlinked"] == []
    links = re.findall(f'href="{BASE}([^"]*)"', shown(project.wiki, page="Tetris"))
    assert links == ["concept/grouping-type/ptce", "id/concept/grouping-type/ptce"]
    client = create_app(project_settings(project.var)).test_client()
    assert {client.get(f"/{link}", follow_redirects=True).status_code for link in links} == {200}


def test_what_nothing_is_known_of_is_told_with_what_is_allowed(project: Project) -> None:
    project.wiki.write("Tetris", f"{empty('list Atlantide')} {empty('infobox actor/x')} [[Catégorie:PTCE]]")
    project.pull()
    left = project.push()["Tetris"]
    assert left["state"] == "left"
    assert re.search("nothing is known of 'list Atlantide': .* Bretagne, .*, or of all", left["detail"])
    assert "nothing is known of 'infobox actor/x': an infobox is of a pole: pole/SLUG" in left["detail"]


def test_a_named_page_without_a_block_is_told_how_to_get_one(project: Project) -> None:
    project.wiki.write("Liste des PTCE", "Une liste écrite à la main.")
    project.wiki.write("Sans bloc", "Rien.")
    project.wiki.write("Explique les blocs", f"<nowiki>{empty('list')}</nowiki> [[Catégorie:PTCE]]")
    project.wiki.write("Renvoi", "#REDIRECTION [[Tetris]]")
    project.pull()
    done = project.apply("--page", "Sans bloc", "--page", "Renvoi")
    told = {title: (page["state"], page["detail"]) for title, page in done.items()}
    how = "it has no block of ours: write <!-- ptce-lod {} --><!-- /ptce-lod --> where it should stand"
    assert told["Sans bloc"] == ("left", how.format("infobox pole/SLUG"))
    assert told["Liste des PTCE"] == ("left", how.format("list"))
    assert told["Renvoi"] == ("left", "it is a redirect: name the page where it leads")
    assert told["Explique les blocs"] == ("unchanged", "")
    assert "Sans bloc: left: it has no block" in project.run("push", "test", "--page", "Sans bloc").output
