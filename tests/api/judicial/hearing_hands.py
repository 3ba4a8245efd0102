"""People of hearings, and an occasion that was announced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account, Reach
from api.platforms.judicial.hearings.actions import announcing
from api.platforms.judicial.hearings.procedure import PROCEDURE
from api.platforms.judicial.permission import JudicialPermission as Permission
from api.procedures import taking
from tests.api.conftest import NOW_MS, PASSWORDS, RunningCentre, enrolled_now

PAGES, API = "/judicial/hearings", "/api/v1/judicial/hearings"
DAY_MS = 86_400_000
BEGINS = "2026-12-01T09:00"
BEGINS_MS = NOW_MS + 7 * DAY_MS - 3 * 3_600_000
"""Nine in the morning a week later."""
_SEE = Permission.SEE
OFFICE = Account("lianluo", "王芳", reaches=(Reach(frozenset({_SEE, Permission.CHECK})),))
COURT = Account("shuji", "周宁", reaches=(Reach(frozenset({_SEE, Permission.SUBMIT}), "court"),))
DEPUTIES = [
    Account(username, name, reaches=(Reach(frozenset({_SEE, Permission.ATTEND})),))
    for username, name in (("daibiao", "陈明"), ("xuhui", "徐慧"), ("gujun", "顾军"))
]
_OWN = {"shuji": "right for the court", "jiancha": "right for the procuratorate"}


def details(**changes: str) -> dict[str, str]:
    """A trial of the court, as a form gives it."""
    given = {
        "kind": "trial",
        "title": "旁听一起民间借贷纠纷庭审",
        "matter": "了解简易程序的适用和庭审秩序。",
        "from": BEGINS,
        "until": "2026-12-01T11:00",
        "location": "第三法庭",
        "link": "",
        "openness": "open",
        "closed_why": "",
        "seats": "1",
    }
    return given | changes


def enrol_bodies(centre: RunningCentre) -> None:
    """A clerk of the court and one of the procuratorate."""
    for username, name, unit in (
        ("shuji", "周宁", "court"),
        ("jiancha", "钱宁", "procuratorate"),
    ):
        person = Newcomer(username, name, units=(unit,), unit_roles=("handler",))
        enrolled_now(centre, person, _OWN[username])


@contextmanager
def hands(address: str, *usernames: str) -> Iterator[list[httpx.Client]]:
    """Clients of people who have signed in."""
    with ExitStack() as stack:
        clients = []
        for username in usernames:
            client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
            body = {"username": username, "password": (PASSWORDS | _OWN)[username]}
            assert client.post("/api/v1/session", json=body).status_code == 204
            clients.append(client)
        yield clients


def announced(centre: RunningCentre, **changes: str) -> str:
    """The id of a trial that the court announced."""
    services = centre.services
    made = announcing.make(services, COURT, details(**changes))
    step(centre, COURT, made, "announce")
    return made


def step(centre: RunningCentre, who: Account, hearing: str, name: str, **given: str) -> None:
    """A step of an occasion, and whatever the centre does then."""
    with taking.acts(centre.services, PROCEDURE, who) as acting:
        taking.take(acting, hearing, name, given)
    announcing.done(centre.services, hearing)
