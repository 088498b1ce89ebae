"""Write into a real MediaWiki: blocks are filled, people's words are never lost, a second push does nothing."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from ptce_lod.cli import cli
from ptce_lod.decisions import Decision, add_decisions
from ptce_lod.errors import SourceUnavailable
from ptce_lod.settings import Settings
from ptce_lod.wiki.blocks import empty
from ptce_lod.wiki.editor import CurrentPage, Login, PageRefused, WikiEditor, read_login
from ptce_lod.wiki.push import Plan
from ptce_lod.wiki.push import push as push_pages
from ptce_lod.wiki.session import Manners
from tests.integration.wiki import mediawiki
from tests.integration.wiki.faulty import SITE, Answer, faulty, reply
from tests.integration.wiki.mediawiki import MediaWiki

PUSH = """
[push]
style = "{style}"
[push.pages]
"Liste des PTCE" = "list"
"Chronologie des PTCE" = "timeline"
"""
QUICK = Manners(pause=0, timeout=60, retries=1, retry_wait=0)
BOT = "un mot de passe de robot"


@pytest.fixture(scope="module")
def own_wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    """A wiki of this file alone: it is written to."""
    with mediawiki.with_robot(tmp_path_factory.mktemp("pushed"), BOT) as running:
        yield running


class Project:
    """A mapping, a login and the released facts, as a person has them who pushes."""

    def __init__(self, wiki: MediaWiki, published: Settings, folder: Path) -> None:
        self.wiki = wiki
        self.login = folder / "login.toml"
        self.login.write_text(f'user = "Robot"\npassword = "{BOT}"\n', encoding="utf-8")
        self.login.chmod(0o600)
        self.wiki_dir = folder / "wiki"
        (self.wiki_dir / "mappings").mkdir(parents=True)
        self.var = folder / "var"
        self.var.mkdir()
        (self.var / "releases").symlink_to(published.var_dir / "releases")
        (self.var / "current").symlink_to((published.var_dir / "current").resolve())
        self.map("plain")

    def map(self, style: str) -> None:
        text = f"""
[title]
fr = "Wiki de test"
en = "Test wiki"
[[site]]
language = "fr"
api = "{self.wiki.base}api.php"
[pull]
categories = ["Catégorie:PTCE"]
[things]
"Tetris" = "pole/tetris"
"Pôle Sud Archer" = "pole/pole-sud-archer"
{PUSH.format(style=style)}"""
        (self.wiki_dir / "mappings/test.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        environment = {
            "PTCE_VAR_DIR": str(self.var), "PTCE_WIKI_DIR": str(self.wiki_dir), "PTCE_LINKS_DIR": str(self.wiki_dir / "links"),
            "PTCE_DATA_DIR": str(self.var / "sources"),
            "PTCE_WIKI_PAUSE_SECONDS": "0", "PTCE_WIKI_PRIVATE_HOSTS": "127.0.0.1", "PTCE_BASE_IRI": "http://127.0.0.1:8000/",
        }  # fmt: skip
        return CliRunner().invoke(cli, ["wiki", *arguments], env=environment)

    def pull(self) -> None:
        done = self.run("pull", "test")
        assert done.exit_code == 0, done.output

    def push(self, *options: str) -> dict[str, Any]:
        done = self.run("push", "test", "--json", *options)
        assert done.exit_code == 0, done.output
        facts: dict[str, Any] = json.loads(done.output.splitlines()[0])
        return {page["title"]: page for page in facts["pages"]}

    def apply(self, *options: str) -> dict[str, Any]:
        return self.push("--apply", "--login", str(self.login), *options)


@pytest.fixture
def project(own_wiki: MediaWiki, published: Settings, tmp_path: Path) -> Project:
    for title in ("Tetris", "Pôle Sud Archer"):
        slug = "tetris" if title == "Tetris" else "pole-sud-archer"
        own_wiki.write(
            title, f"{empty(f'infobox pole/{slug}')}\n'''{title}''', du texte.\n[[Catégorie:PTCE]]"
        )
    return Project(own_wiki, published, tmp_path)


def text_of(wiki: MediaWiki, title: str) -> str:
    wiki.site.pages[title].purge()
    return str(wiki.site.pages[title].text(cache=False))


def test_pull_push_and_pull_again_and_the_second_push_changes_nothing(project: Project) -> None:
    project.pull()
    planned = project.push()
    assert planned["Tetris"]["state"] == "would change"
    assert '+! scope="row" | Région' in planned["Tetris"]["diff"]
    assert "données ouvertes" not in text_of(project.wiki, "Tetris"), "a dry run writes nothing"
    done = project.apply()
    assert {page["state"] for page in done.values()} == {"written"}
    assert set(done) == {"Tetris", "Pôle Sud Archer", "Liste des PTCE", "Chronologie des PTCE"}
    text = text_of(project.wiki, "Tetris")
    assert "http://127.0.0.1:8000/id/pole/tetris" in text
    assert text.endswith("'''Tetris''', du texte.\n[[Catégorie:PTCE]]")
    project.pull()
    again = project.apply()
    assert {page["state"] for page in again.values()} == {"unchanged"}
    change = next(iter(project.wiki.site.pages["Tetris"].revisions(max_items=1, prop="user|comment|flags")))
    assert change["user"] == "Robot"
    assert "minor" in change
    assert "http://127.0.0.1:8000/" in change["comment"]
    recent = project.wiki.site.api(
        "query", list="recentchanges", rcprop="flags|title", rctitle="Tetris", rclimit="1"
    )
    assert "bot" in recent["query"]["recentchanges"][0]


def test_the_page_that_is_read_by_people_has_a_box_and_lists(project: Project) -> None:
    project.pull()
    project.apply()
    page = requests.get(f"{project.wiki.base}index.php/Tetris", timeout=30).text
    _, begin, content = page.partition('<div id="mw-content-text"')
    shown, end, _ = content.partition('<div class="printfooter"')
    assert begin
    assert end
    assert '<table class="wikitable ptce"' in shown
    assert 'href="http://127.0.0.1:8000/id/pole/tetris"' in shown
    assert "ptce-lod" in project.wiki.site.pages["Tetris"].text()
    assert "ptce-lod" not in shown
    poles = requests.get(f"{project.wiki.base}index.php/Liste_des_PTCE", timeout=30).text
    assert 'title="Tetris"' in poles
    assert poles.count('class="external text"') > 90
    assert "&amp;#" not in poles


def test_the_template_is_written_and_used(project: Project) -> None:
    project.map("template")
    project.pull()
    done = project.apply("--templates")
    assert done["Modèle:PTCE"]["state"] in ("written", "unchanged")
    assert "{{PTCE\n| nom = " in text_of(project.wiki, "Tetris")
    shown = project.wiki.site.api("parse", page="Tetris", prop="text|templates")["parse"]
    assert [each["*"] for each in shown["templates"]] == ["Modèle:PTCE"]
    assert '<th scope="row">Région</th>' in shown["text"]["*"].replace("\n", ""), shown["text"]["*"]
    assert "{{" not in shown["text"]["*"]
    project.map("plain")
    assert project.apply()["Tetris"]["state"] == "written"


def test_what_a_person_changed_inside_is_told_and_left(project: Project) -> None:
    project.pull()
    project.apply()
    text = text_of(project.wiki, "Tetris").replace("données ouvertes liées", "mes mots")
    project.wiki.write("Tetris", text)
    left = project.apply()["Tetris"]
    assert (left["state"], left["revision"]) == ("left", 0)
    assert "changed by hand" in left["detail"]
    assert "mes mots" in text_of(project.wiki, "Tetris")
    replaced = project.apply("--overwrite")["Tetris"]
    assert replaced["state"] == "written"
    assert replaced["detail"] == "what was changed by hand inside 'infobox pole/tetris' is replaced"
    assert "mes mots" not in text_of(project.wiki, "Tetris")


def next_second(page: CurrentPage) -> None:
    """Wait until the wiki's clock has moved on: to it, edits within one second are the same."""
    written = datetime.datetime.fromisoformat(page.timestamp.replace("Z", "+00:00")).timestamp()
    while time.time() < written + 1:
        time.sleep(0.05)


def test_an_edit_elsewhere_in_the_page_is_merged_and_told(project: Project) -> None:
    editor = WikiEditor(f"{project.wiki.base}api.php", QUICK, private_allowed=True)
    try:
        editor.login(read_login(project.login))
        (page,) = editor.current(["Tetris"])
        next_second(page)
        project.wiki.write("Tetris", f"{page.text}\n\nUne ligne de plus.")
        saved = editor.save(page, page.text.replace("pole/tetris -->", "pole/tetris -->Des faits."), "test")
    finally:
        editor.close()
    assert saved.is_merged
    text = text_of(project.wiki, "Tetris")
    assert "Des faits." in text
    assert "Une ligne de plus." in text


def test_an_edit_in_between_is_a_conflict_and_nothing_is_lost(project: Project) -> None:
    editor = WikiEditor(f"{project.wiki.base}api.php", QUICK, private_allowed=True)
    try:
        editor.login(read_login(project.login))
        (page,) = editor.current(["Tetris"])
        next_second(page)
        project.wiki.write(
            "Tetris", page.text.replace("<!-- ptce-lod infobox pole/tetris -->", "Un humain passe.")
        )
        with pytest.raises(PageRefused, match="meanwhile"):
            editor.save(page, page.text.replace("pole/tetris -->", "pole/tetris -->Des faits."), "test")
        assert "Un humain passe." in text_of(project.wiki, "Tetris")
        missing = next(iter(editor.current(["Page neuve"])))
        project.wiki.write("Page neuve", "D'un humain")
        with pytest.raises(PageRefused, match="meanwhile"):
            editor.save(missing, "Du robot", "test")
        assert text_of(project.wiki, "Page neuve") == "D'un humain"
    finally:
        editor.close()


def test_a_protected_page_is_refused_and_the_others_are_written(project: Project) -> None:
    token = project.wiki.site.get_token("protect")
    project.wiki.site.post("protect", title="Tetris", protections="edit=sysop", token=token)
    try:
        project.pull()
        done = project.run("push", "test", "--json", "--apply", "--login", str(project.login))
    finally:
        project.wiki.site.post("protect", title="Tetris", protections="edit=all", token=token)
    assert done.exit_code == 3
    pages = {page["title"]: page for page in json.loads(done.output.splitlines()[0])["pages"]}
    assert (pages["Tetris"]["state"], pages["Tetris"]["detail"]) == ("refused", "it is protected")
    assert pages["Pôle Sud Archer"]["state"] == "written"


def test_a_blocked_account_stops_before_anything(project: Project) -> None:
    token = project.wiki.site.get_token("block")
    project.wiki.site.post("block", user="Robot", token=token, reason="test")
    try:
        project.pull()
        done = project.run("push", "test", "--apply", "--login", str(project.login))
    finally:
        project.wiki.site.post("unblock", user="Robot", token=token)
    assert done.exit_code == 3
    assert "blocked" in done.output


CAPTCHA = """
wfLoadExtension("ConfirmEdit"); wfLoadExtension("ConfirmEdit/QuestyCaptcha"); $wgCaptchaClass = "QuestyCaptcha";
$wgCaptchaQuestions = ["Qui ?" => "Moi"]; $wgCaptchaTriggers["edit"] = true;
foreach (["bot", "sysop", "user", "autoconfirmed"] as $each) { $wgGroupPermissions[$each]["skipcaptcha"] = false; }
"""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('$wgReadOnly = "Sauvegarde en cours";', "refuses: readonly"),
        (CAPTCHA, "asks to solve a captcha"),
        ('foreach (["bot", "user", "*"] as $each) { $wgGroupPermissions[$each]["edit"] = false; }', "refuses: "),
    ],
    ids=["read-only", "captcha", "no right"],
)  # fmt: skip
def test_a_wiki_that_takes_nothing_is_told_in_one_line(project: Project, settings: str, told: str) -> None:
    project.pull()
    before = text_of(project.wiki, "Tetris")
    with project.wiki.configured(settings):
        done = project.run("push", "test", "--apply", "--login", str(project.login))
    assert done.exit_code == 3, done.output
    assert told in done.output
    assert "Traceback" not in done.output
    assert text_of(project.wiki, "Tetris") == before
    assert project.apply()["Tetris"]["state"] == "written", "the next run goes on"


def test_an_address_that_the_wiki_forbids_keeps_its_page_alone(project: Project) -> None:
    project.wiki.write("MediaWiki:Spam-blacklist", "127\\.0\\.0\\.1:8000/id/pole/tetris")
    project.pull()
    settings = (
        'wfLoadExtension("SpamBlacklist"); $wgBlacklistSettings["spam"]["files"] = [];'
        '$wgGroupPermissions["bot"]["sboverride"] = false; $wgUseDatabaseMessages = true;'
    )
    with project.wiki.configured(settings):
        done = project.run("push", "test", "--json", "--apply", "--login", str(project.login))
    assert done.exit_code == 3, done.output
    pages = {page["title"]: page for page in json.loads(done.output.splitlines()[0])["pages"]}
    assert (pages["Tetris"]["state"], pages["Tetris"]["detail"]) == (
        "refused",
        "the wiki forbids an address in it",
    )
    assert pages["Pôle Sud Archer"]["state"] == "written"


def test_an_access_token_writes_without_a_password(project: Project) -> None:
    """The extension OAuth is not in Debian's package: a server answers as it does."""
    forms: list[dict[str, str]] = []

    def answer(form: dict[str, str]) -> Answer:
        forms.append(form)
        if "siteinfo" in form.get("meta", ""):
            return reply(SITE)
        if "tokens" in form.get("meta", ""):
            return reply({"tokens": {"csrftoken": "abc+\\"}})
        if form["action"] == "query":
            return reply({"userinfo": {"id": 1, "name": "Robot", "rights": ["bot", "edit"]}})
        body = {"edit": {"result": "Success", "newrevid": 5, "oldrevid": 4}}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    with faulty(answer) as server:
        editor = WikiEditor(server.base + "api.php", QUICK, private_allowed=True)
        assert editor.login(Login(token="un.jeton.d-acces")) == "Robot"
        assert editor.save(CurrentPage("A", 4, "2020-01-01T00:00:00Z", "x"), "y", "s").revision == 5
        editor.close()
        assert set(server.authorizations[1:]) == {"Bearer un.jeton.d-acces"}, (
            "all but the first, which asks who the wiki is"
        )
    assert not any("lgpassword" in form for form in forms)
    edit = forms[-1]
    assert (edit["token"], edit["assert"], edit["bot"], edit["baserevid"]) == ("abc+\\", "bot", "1", "4")


def test_pages_about_poles_get_a_block_when_it_is_wanted(project: Project) -> None:
    project.wiki.write("Tetris", "Sans bloc. [[Catégorie:PTCE]]")
    project.pull()
    assert "Tetris" not in project.push()
    assert project.apply("--insert")["Tetris"]["state"] == "written"
    assert text_of(project.wiki, "Tetris").startswith("<!-- ptce-lod infobox pole/tetris sha256:")
    assert text_of(project.wiki, "Tetris").endswith("<!-- /ptce-lod -->\nSans bloc. [[Catégorie:PTCE]]")


def read_with_pywikibot(wiki: MediaWiki, folder: Path, *titles: str) -> dict[str, Any]:
    script = Path(__file__).parent / "clients/pywikibot_reads.py"
    done = subprocess.run(
        [sys.executable, str(script), wiki.base.rstrip("/").rpartition(":")[2], *titles],
        env={**os.environ, "PYWIKIBOT_DIR": str(folder), "PYWIKIBOT_NO_USER_CONFIG": "2"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_pywikibot_sees_what_was_written(project: Project, tmp_path: Path) -> None:
    project.pull()
    project.apply()
    pages = read_with_pywikibot(project.wiki, tmp_path, "Tetris", "Liste des PTCE")
    page = pages["Tetris"]
    assert page["text"] == text_of(project.wiki, "Tetris")
    assert page["user"] == "Robot"
    assert page["minor"]
    assert "http://127.0.0.1:8000/" in page["comment"]
    assert "http://127.0.0.1:8000/id/pole/tetris" in page["external"]
    assert page["categories"] == ["PTCE"]
    assert {"Tetris", "Pôle Sud Archer"} <= set(pages["Liste des PTCE"]["links"])


def test_two_spellings_of_a_title_are_one_page(project: Project) -> None:
    project.wiki.write("Pôle à deux noms", "Des mots.")
    editor = WikiEditor(f"{project.wiki.base}api.php", QUICK, private_allowed=True)
    try:
        found = list(editor.current(["Pôle_à_deux_noms", "Tetris", "pôle à deux noms", "Absente"]))
    finally:
        editor.close()
    assert [(page.title, page.revision > 0) for page in found] == [
        ("Pôle_à_deux_noms", True),
        ("Tetris", True),
        ("Absente", False),
    ]
    assert found[0].text == "Des mots."


def test_a_page_that_became_a_redirect_gets_no_block(project: Project) -> None:
    project.wiki.write("Tetris", "Sans bloc. [[Catégorie:PTCE]]")
    project.pull()
    redirect = "#REDIRECTION [[Pôle Sud Archer]]"
    project.wiki.write("Tetris", redirect)
    left = project.apply("--insert")["Tetris"]
    assert (left["state"], left["detail"]) == ("left", "it is a redirect by now: pull again")
    assert text_of(project.wiki, "Tetris") == redirect


def test_a_page_whose_text_is_hidden_is_refused_and_the_others_are_written(project: Project) -> None:
    hidden = {
        "pageid": 1,
        "title": "A",
        "revisions": [{"revid": 1, "timestamp": "2020-01-01T00:00:00Z", "texthidden": ""}],
    }
    pages = [hidden, {"title": "B", "missing": ""}]
    asked: list[dict[str, str]] = []

    def answer(form: dict[str, str]) -> Answer:
        asked.append(form)
        if form.get("meta", "").startswith("siteinfo"):
            return reply(SITE)
        if form["action"] == "edit":
            body = {"edit": {"result": "Success", "newrevid": 5, "oldrevid": 0}}
            return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()
        return reply({"pages": pages})

    with faulty(answer) as server:
        editor = WikiEditor(server.base + "api.php", QUICK, private_allowed=True)
        plan = Plan(["A"], made={"B": "list"})
        found = {each.title: each for each in push_pages(editor, plan, lambda wanted: "x", "s", apply=True)}
        editor.close()
    assert (found["A"].state, found["A"].detail) == ("refused", "the wiki hides its text")
    assert found["B"].state == "written"
    assert [form["title"] for form in asked if form["action"] == "edit"] == ["B"]


def test_the_report_says_what_lacks(project: Project) -> None:
    project.wiki.write("Tetris", "Sans lien. [[Catégorie:PTCE]]")
    project.wiki.write("Pôle Sud Archer", "http://127.0.0.1:8000/id/pole/pole-sud-archer [[Catégorie:PTCE]]")
    project.pull()
    done = project.run("report", "test", "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    assert facts["unlinked"] == [["Tetris", "pole/tetris"]]
    assert facts["linked"] == 1
    pageless = [thing for thing, _ in facts["pageless"]]
    assert len(pageless) > 80
    assert "pole/tetris" not in pageless
    kinds = [thing.partition("/")[0] for thing in pageless]
    assert list(dict.fromkeys(kinds)) == ["pole", "actor", "cooperation", "event", "call"]


@pytest.mark.parametrize(
    ("text", "is_linked"),
    [
        ("{{PTCE-lien|pole/tetris}}", True),
        ("{{PTCE|identifiant=pole/tetris}}", True),
        ("Voir [[ptce:pole/tetris|ses données]].", True),
        ("[http://127.0.0.1:8000/doc/pole/tetris ses données]", True),
        ("<!-- http://127.0.0.1:8000/id/pole/tetris -->", False),
        ("[[Portail:PTCE]] http://127.0.0.1:9000/id/pole/tetris", False),
    ],
)
def test_every_way_to_link_to_us_counts(project: Project, text: str, is_linked: bool) -> None:
    project.wiki.write("Tetris", f"{text} [[Catégorie:PTCE]]")
    project.wiki.write("Pôle Sud Archer", "http://127.0.0.1:8000/id/pole/pole-sud-archer [[Catégorie:PTCE]]")
    project.pull()
    facts = json.loads(project.run("report", "test", "--json").output)
    assert facts["unlinked"] == ([] if is_linked else [["Tetris", "pole/tetris"]])


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ('user = "Robot"\npassword = "faux"', "the login is not accepted"),
        ('token = "faux"', "is not accepted|refuses"),
        ('user = "Robot"', "expected user and password, or token"),
        ('user = "Robot"\npassword = "x"\nmore = "y"', "expected user and password, or token"),
        ("user = Robot", "cannot be read"),
    ],
)
def test_a_wrong_login_is_told_and_never_shown(project: Project, login: str, told: str) -> None:
    project.pull()
    project.login.write_text(login, encoding="utf-8")
    done = project.run("push", "test", "--apply", "--login", str(project.login))
    assert done.exit_code == 3
    assert any(each in done.output for each in told.split("|")), done.output
    assert "faux" not in done.output


def test_a_login_that_others_may_read_is_not_used(project: Project) -> None:
    project.login.chmod(0o644)
    with pytest.raises(SourceUnavailable, match="others may read it"):
        read_login(project.login)
    assert "secret" not in repr(Login("a", "secret"))


def answering(edit: Answer) -> Any:
    """Return a script of a wiki that lets anybody in and answers ``edit`` to edits."""

    def answer(asked: dict[str, str]) -> Answer:
        if asked.get("action") == "edit":
            return edit
        if asked.get("action") == "login":
            return 200, {"Content-Type": "application/json"}, b'{"login": {"result": "Success"}}'
        if "siteinfo" in asked.get("meta", ""):
            return reply(SITE)
        if "tokens" in asked.get("meta", ""):
            return reply({"tokens": {"logintoken": "+", "csrftoken": "+\\"}})
        if "rvprop" in asked:
            revision = {"revid": 7, "timestamp": "2020-01-01T00:00:00Z", "*": "x"}
            return reply({"pages": {"1": {"pageid": 1, "title": "P", "revisions": [revision]}}})
        return reply({"userinfo": {"id": 1, "name": "R", "rights": ["edit"]}})

    return answer


def error(code: str) -> Answer:
    body = {"error": {"code": code, "info": f"about {code}"}}
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (error("readonly"), "readonly"),
        (error("ratelimited"), "ratelimited"),
        (error("assertuserfailed"), "assertuserfailed"),
        (error("badtoken"), "badtoken"),
        (error("some-new-error"), "some-new-error"),
        (reply({}), "does not answer as a MediaWiki"),
        (
            (200, {"Content-Type": "application/json"}, b'{"edit": {"result": "Failure", "captcha": {}}}'),
            "captcha",
        ),
        ((200, {"Content-Type": "text/html"}, b"<h1>Maintenance</h1>"), "not JSON"),
        ((500, {}, b"oops"), "answered 500|cannot be asked|MaximumRetriesExceeded"),
    ],
)
def test_a_wiki_that_takes_nothing_stops_the_run(edit: Answer, told: str) -> None:
    with faulty(answering(edit)) as server:
        editor = WikiEditor(f"{server.base}api.php", QUICK, private_allowed=True)
        try:
            editor.login(Login("R", "p"))
            (page,) = editor.current(["P"])
            with pytest.raises(SourceUnavailable, match=told):
                editor.save(page, "y", "s")
        finally:
            editor.close()


@pytest.mark.parametrize(
    "code", ["spamblacklist", "abusefilter-disallowed", "pagedeleted", "titleblacklist-forbidden"]
)
def test_a_page_that_is_not_taken_is_told(code: str) -> None:
    with faulty(answering(error(code))) as server:
        editor = WikiEditor(f"{server.base}api.php", QUICK, private_allowed=True)
        try:
            editor.login(Login("R", "p"))
            (page,) = editor.current(["P"])
            with pytest.raises(PageRefused):
                editor.save(page, "y", "s")
        finally:
            editor.close()


def test_a_page_that_somebody_linked_in_a_review_gets_its_box(project: Project) -> None:
    project.wiki.write(
        "Le Lieu dit du pôle", "Une page que le tableau des correspondances ignore. [[Catégorie:PTCE]]"
    )
    project.pull()
    assert "Le Lieu dit du pôle" not in project.push("--insert")
    page = project.wiki.site.pages["Le Lieu dit du pôle"]
    decision = Decision(
        f"fr:{page.pageid}", "pole/domb-innov", "yes", "primary-topic", f"{project.wiki.base}index.php/Le_Lieu_dit_du_p%C3%B4le",
        page.name, "fr", "reviewed", "mk", "2026-11-24", "90", "name 0.90",
    )  # fmt: skip
    add_decisions(project.wiki_dir / "links/test.csv", [decision])
    assert project.apply("--insert")["Le Lieu dit du pôle"]["state"] == "written"
    assert empty("infobox pole/domb-innov").partition("-->")[0] in text_of(
        project.wiki, "Le Lieu dit du pôle"
    )
