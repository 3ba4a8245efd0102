"""Help: a guide a role that is true of the pages, words explained, and hints that are said once."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from jinja2 import DictLoader, Environment

from api.help import pages, pictures
from api.help.records import EVERYBODY, GUIDES, TERMS, steps
from api.hints.repository import HINTS
from api.roster import ROSTER, words_of
from api.web.assets import STATIC
from config.catalogue.words import LANGUAGES, Words
from tests.api.conftest import USERNAMES, entered

LOADED = {language: Words.load(language, words_of(ROSTER)) for language in LANGUAGES}


def test_every_role_has_a_guide() -> None:
    """And there is none of a role that nobody has."""
    assert set(GUIDES) == {*USERNAMES, EVERYBODY}
    assert all(5 <= len(tasks) <= 8 for tasks in GUIDES.values())


@pytest.mark.parametrize("role", USERNAMES)
def test_each_page_that_a_guide_leads_to_opens_for_its_role(address: str, role: str) -> None:
    """The steps stand there with the names of buttons as pages have them."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, USERNAMES[role])
        shown = client.get("/help/").text
        tasks = [*GUIDES[role], *GUIDES[EVERYBODY]]
        offered = {task.path for task in tasks}
        assert offered <= set(re.findall(r'<a class="more" href="([^"]+)"', shown))
        assert {path: client.get(path).status_code for path in offered} == dict.fromkeys(
            offered, 200
        )
    assert not re.search(r"<li>[^<]*\[", shown)


def test_a_guide_of_another_role_tells_and_leads_nowhere(deputy: httpx.Client) -> None:
    """Its pages would refuse."""
    shown = deputy.get("/help/roles/auditor").text
    assert "查操作记录" in shown
    assert 'href="/administration/audit"' not in shown
    assert deputy.get("/help/roles/nobody").status_code == 404


@pytest.mark.parametrize("words", LOADED.values(), ids=LOADED)
def test_every_task_has_at_least_one_step_and_no_empty_one(words: Words) -> None:
    """In every language, with as many steps."""
    for guide, tasks in GUIDES.items():
        for task in tasks:
            lines = list(steps(words, guide, task))
            assert lines
            assert all(lines)
            assert len(lines) == len(list(steps(LOADED["zh-CN"], guide, task)))


def test_words_that_are_explained_are_words_of_the_pages(deputy: httpx.Client) -> None:
    """A word that went from the pages goes from the help."""
    texts = LOADED["zh-CN"].texts
    others = "\n".join(text for key, text in texts.items() if not key.startswith("help."))
    names = [texts[f"help.term.{term}"] for terms in TERMS.values() for term in terms]
    assert [name for name in names if name not in others] == []
    shown = html.unescape(deputy.get("/help/terms").text)
    assert [name for name in names if name not in shown] == []


def test_every_picture_is_there_and_is_of_some_task() -> None:
    """None is loaded for nothing."""
    named = {task.picture for tasks in GUIDES.values() for task in tasks if task.picture}
    files = {path.stem for path in (STATIC / "help").iterdir()}
    assert named == set(pictures.pictures()) == files


def test_a_picture_of_a_page_that_changed_since_says_so(
    officer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never grows old in silence."""
    templates = {of.template: of.digest for of in pictures.pictures().values()}
    monkeypatch.setattr(pages, "digest", lambda _, template: templates[template])
    assert "的界面，页面后来有改动" not in officer.get("/help/").text
    monkeypatch.setattr(pages, "digest", lambda _templates, _template: "another")
    assert "的界面，页面后来有改动" in officer.get("/help/").text


def test_another_text_of_a_template_has_another_digest() -> None:
    """And the same text the same."""
    before, after = (Environment(loader=DictLoader({"page": text})) for text in ("one", "two"))
    assert pictures.digest(before, "page") == pictures.digest(before, "page")
    assert pictures.digest(before, "page") != pictures.digest(after, "page")


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_stands_until_its_reader_closes_it(
    address: str, deputy: httpx.Client, name: str
) -> None:
    """On every device, and for nobody else."""
    first = "/" if name == "workbench" else f"/{name}/"
    button = f'action="/help/hints/{name}"'
    assert button in deputy.get(first).text
    closed = deputy.post(f"/help/hints/{name}")
    assert (closed.status_code, closed.headers["location"]) == (303, first)
    deputy.post(f"/help/hints/{name}")
    assert button not in deputy.get(first).text
    with httpx.Client(base_url=address, timeout=60) as another:
        assert button in entered(another, "xuhui").get(first).text


def test_a_hint_that_nobody_gives_cannot_be_closed(deputy: httpx.Client) -> None:
    """No row of it is kept."""
    assert deputy.post("/help/hints/environment").status_code == 404


def test_every_page_leads_to_the_help(deputy: httpx.Client) -> None:
    """From its foot, and from one's account."""
    for path in ("/", "/environment/", "/duty/suggestions", "/account/"):
        assert '<a class="more" href="/help/">' in deputy.get(path).text
    assert '<a class="row" href="/help/">' in deputy.get("/account/").text
