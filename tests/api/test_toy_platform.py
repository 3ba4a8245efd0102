"""A platform is its folder and one entry of the roster: a second one, held to every promise."""

from __future__ import annotations

import httpx
import pytest

from api import items
from api.accounts.permission import Permission
from api.accounts.records import Account, Reach
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Reference, freeze
from api.roster import ROSTER
from api.shape import CoreServices, Platform
from config.vocabulary.time import DAY_MS
from qingyuan.runtime.scheduler import platform_jobs
from tests.api.conftest import RunningCentre, spill
from tests.api.test_live import events
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import LONGEST

NOTES = "/api/v1/toy/notes"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """The one line."""
    return (*ROSTER, TOY)


def test_its_pages_lie_below_its_slug_with_its_words_and_its_menu(deputy: httpx.Client) -> None:
    """The count beside the menu comes from the platform's own hook."""
    deputy.post("/toy/notes", data={"text": "河边有异味"})
    page = deputy.get("/toy/").text
    assert "<h1>积木 1</h1>" in page
    assert 'action="/toy/notes"' in page
    assert '<a href="/toy/" aria-current="page">' in page
    assert '<b class="count">1</b>' in page
    assert "河边有异味" in page


def test_each_platform_leads_to_the_others(deputy: httpx.Client) -> None:
    """With one platform there is nothing to choose."""
    for path in ("/toy/", "/environment/"):
        page = deputy.get(path).text
        assert 'href="/toy/"' in page
        assert 'href="/environment/"' in page


def test_templates_of_one_name_stand_side_by_side(deputy: httpx.Client) -> None:
    """Both platforms have an ``alerts.html``."""
    assert "积木" in deputy.get("/toy/").text
    assert 'id="list"' in deputy.get("/environment/alerts").text


def test_a_form_leads_back_to_a_page_of_its_own_platform(deputy: httpx.Client) -> None:
    """Addresses are made out of the slug, not written down."""
    assert deputy.post("/toy/notes", data={"text": "a"}).headers["location"] == "/toy/"


def test_its_api_lies_below_its_slug(deputy: httpx.Client, stranger: httpx.Client) -> None:
    """And asks who it is like every other."""
    assert deputy.post(NOTES, params={"text": "a"}).status_code == 201
    assert deputy.get(NOTES).json() == ["a"]
    assert stranger.get(NOTES).status_code == 401
    assert stranger.get("/toy/").headers["location"] == "/sign-in?to=/toy/"


def test_an_error_is_answered_as_its_class_declares(deputy: httpx.Client) -> None:
    """No central file knows the class."""
    long = "x" * (LONGEST + 1)
    answer = deputy.post(NOTES, params={"text": long})
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": f"a note has at most {LONGEST} characters",
        "longest": LONGEST,
    }
    page = deputy.post("/toy/notes", data={"text": long})
    assert page.status_code == 409
    assert "便条太长了" in page.text


def test_given_a_permission_of_its_own_then_only_its_roles_pass(
    deputy: httpx.Client, officer: httpx.Client
) -> None:
    """A refusal names the permission and who has it; the template asks the same."""
    refused = officer.post(NOTES, params={"text": "a"})
    missing = "permission toy.write is missing; sign in as deputy"
    assert (refused.status_code, refused.json()) == (403, {"detail": missing})
    page = officer.post("/toy/notes", data={"text": "a"})
    assert page.status_code == 403
    assert "没有“写便条”的权限。有此权限的是：人大代表。" in page.text
    forms = ['action="/toy/notes"' in client.get("/toy/").text for client in (deputy, officer)]
    assert forms == [True, False]


def test_open_pages_hear_its_events(deputy: httpx.Client) -> None:
    """A page names those that it wants to hear: its platform's, and those of messages."""
    assert 'data-events="notifications.message toy.written"' in deputy.get("/toy/").text
    with deputy.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        deputy.post(NOTES, params={"text": "a"})
        assert next(events(lines)) == ("toy.written", {"id": 1})


def test_its_job_runs_in_the_core(centre: RunningCentre, deputy: httpx.Client) -> None:
    """On what the core hands to it."""
    deputy.post(NOTES, params={"text": "a"})
    services, heard = centre.services, list[bytes]()
    given = CoreServices(
        services.state,
        services.store,
        services.catalogue,
        services.now_ms,
        heard.append,
        services.words,
        services.roles,
        services.working_days,
        services.files,
        services.district,
        services.wording,
        services.grouping,
    )
    (job,) = platform_jobs([TOY], given)
    assert (job.name, job.hour) == ("toy: forget", 4)
    centre.clock.now_ms += DAY_MS + 1
    job.work()
    assert deputy.get(NOTES).json() == []
    assert heard


def test_a_draft_is_begun_out_of_an_item_of_another_platform(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Neither platform imports the other; the copy says by its hash what it was."""
    alert = centre.put(spill())
    asked = deputy.get(f"/api/v1/items/environment/alert/{alert.id}").json()
    own = frozenset[Permission]({EnvironmentPermission.SEE_ALERTS})
    account = Account("daibiao", "陈明", reaches=(Reach(own),))
    reference = Reference("environment", "alert", alert.id)
    found = items.read(ROSTER, centre.services, account, reference)
    assert found is not None
    made = TOY.drafts[0].begin(centre.services, account, [freeze(reference, found)])
    paper = deputy.get(f"/api/v1/items/{made.platform}/{made.kind}/{made.id}").json()
    assert paper["content"]["text"] == f"陈明:\n{alert.id} {asked['hash']}"
    assert paper["address"] == "/toy/"
