"""Records of signing in: sign-ins that were slowed, permissions that were refused, and their end."""

from __future__ import annotations

import threading

import httpx
import pytest
import sqlalchemy as sa

from api import app as application
from api.accounts import retention
from api.accounts.changes import reset
from api.accounts.credentials import passwords
from api.accounts.credentials.passwords import Checked
from api.accounts.limits import MOST_FAILURES
from api.accounts.repositories.sign_ins import SignIns
from api.audit import OPERATOR
from api.tables import AUDIT, SESSION, SIGN_IN
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, entered
from tests.conftest import wait_until

pytestmark = pytest.mark.parametrize("kind", BOTH)
WRONG = {"username": "daibiao", "password": "wrong"}


def rows(centre: RunningCentre) -> list[tuple[str, str, str, int]]:
    """The log of sign-ins: outcome, username, address and count."""
    with centre.services.state.read() as connection:
        found = connection.execute(sa.select(SIGN_IN).order_by(SIGN_IN.c.id))
        return [(row.outcome, row.username, row.address, row.count) for row in found]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the minute's attempts."""
    monkeypatch.setattr(application, "SAID_EACH_S", 0.02)


def test_given_a_volley_then_the_attempts_that_were_slowed_are_one_row_of_their_address(
    often: None, centre: RunningCentre, stranger: httpx.Client
) -> None:
    """And each of them is no work of the database; the next minute has a row of its own."""
    slowed = []
    for minute in range(2):
        for _ in range(MOST_FAILURES + 20):
            stranger.post("/api/v1/session", json=WRONG)
        centre.clock.now_ms += 60_000
        wait_until(lambda n=minute + 1: len(found(centre)) == n)
        slowed = found(centre)
    assert {row[:3] for row in slowed} == {("slowed", "…", "127.0.0.1")}
    wrong = sum(count for outcome, *_, count in rows(centre) if outcome == "wrong-password")
    assert wrong + sum(row[3] for row in slowed) == 2 * (MOST_FAILURES + 20)


def found(centre: RunningCentre) -> list[tuple[str, str, str, int]]:
    """Rows of slowed ones."""
    return [row for row in rows(centre) if row[0] == "slowed"]


def test_given_a_password_that_is_reset_while_it_is_compared_then_it_opens_nothing(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that came about then would outlive the reset."""
    compare = passwords.check

    def compared(password_hash: str | None, password: str, by: str) -> Checked:
        checked = compare(password_hash, password, by)
        reset(centre.services.state, OPERATOR, "daibiao", NOW_MS)
        return checked

    monkeypatch.setattr(passwords, "check", compared)
    body = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
    assert stranger.post("/api/v1/session", json=body).status_code == 401


def test_given_a_username_that_nobody_has_then_the_log_keeps_two_characters_of_it(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Somebody may have typed the password there; the right name stands whole."""
    for username in ("seven blue herons", "daibiao"):
        body = {"username": username, "password": "wrong"}
        assert stranger.post("/api/v1/session", json=body).status_code == 401
    assert [row[1] for row in rows(centre)] == ["se…", "daibiao"]


def refused(centre: RunningCentre) -> list[tuple[str, str, str, str]]:
    """Rows of the audit: who, for whom, the permission, and what was asked."""
    of = (AUDIT.c.who, AUDIT.c.on_behalf, AUDIT.c.subject, AUDIT.c.detail)
    query = sa.select(*of).where(AUDIT.c.action == "permission.refused").order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_refused_permission_is_in_the_audit_once_an_hour_of_each_account_and_permission(
    centre: RunningCentre, deputy: httpx.Client, administrator: httpx.Client
) -> None:
    """With what was asked first; another permission and another person have a row of theirs."""
    for _ in range(3):
        assert deputy.get("/environment/silences").status_code == 403
        assert deputy.get("/api/v1/silences").status_code == 403
    see = "environment.see-silences"
    first = ("daibiao", "", see, "GET /environment/silences")
    assert refused(centre) == [first]
    deputy.get("/environment/operations")
    administrator.get("/api/v1/silences")
    assert refused(centre)[1:] == [
        ("daibiao", "", "environment.see-operations", "GET /environment/operations"),
        ("guanli", "", see, "GET /api/v1/silences"),
    ]
    centre.clock.now_ms += HOUR_MS
    deputy.get("/environment/silences")
    assert refused(centre)[3:] == [first]


def test_a_refusal_of_somebody_who_acts_names_both(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """As any record does."""
    entered(stranger, "lianluo")
    stranger.post("/api/v1/session/act-for", json={"deputy": "daibiao"})
    assert stranger.get("/api/v1/silences").status_code == 403
    (row,) = refused(centre)
    assert row[:2] == ("lianluo", "daibiao")


def test_sessions_that_ended_go_at_night_and_sign_ins_after_more_than_six_months(
    centre: RunningCentre,
    deputy: httpx.Client,
    administrator: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In slices, so that nobody waits; what stands and what is younger stays."""
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 1)
    state = centre.services.state
    log = SignIns(state)
    for day in range(3):
        log.note("signed-in", "daibiao", f"10.0.0.{day}", "", NOW_MS + (day + 1) * DAY_MS)
    tonight = NOW_MS + 5 * HOUR_MS
    retention.let_go(state, tonight, threading.Event())
    with state.read() as connection:
        assert [row.username for row in connection.execute(sa.select(SESSION))] == ["daibiao"]
    assert len(rows(centre)) == 5
    later = NOW_MS + retention.SIGN_INS_MS + 2 * DAY_MS
    retention.let_go(state, later, threading.Event())
    assert [row[2] for row in rows(centre)] == ["10.0.0.1", "10.0.0.2"]


def test_given_a_centre_that_ends_then_the_night_is_cut_short(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The rest goes another night."""
    stop = threading.Event()
    stop.set()
    retention.let_go(centre.services.state, NOW_MS + 400 * DAY_MS, stop)
    assert len(rows(centre)) == 1
