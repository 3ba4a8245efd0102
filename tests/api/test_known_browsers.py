"""A browser in which somebody has signed in before is not made to wait for what others guess."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.credentials.known_browsers import LASTS_MS, KnownBrowsers
from api.accounts.limits import MOST_FAILURES, MOST_OF_ADDRESS, MOST_OF_USERNAME
from tests.api.conftest import NOW_MS, PASSWORDS

KNOWN = KnownBrowsers(b"k" * 32)
RIGHT = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
WRONG = RIGHT | {"password": "wrong"}


def signs_in(client: httpx.Client, form: dict[str, str]) -> int:
    """The status of the page's answer: 303 leads in, 401 is wrong, 429 must wait."""
    client.cookies.pop("qingyuan_session", None)
    return client.post("/sign-in", data=form).status_code


@pytest.fixture
def others(address: str) -> Iterator[list[httpx.Client]]:
    """Strangers at as many addresses as it takes to use up what a name may fail."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                httpx.Client(
                    base_url=address,
                    transport=httpx.HTTPTransport(local_address=f"127.0.3.{n}"),
                    timeout=60,
                )
            )
            for n in range(1, MOST_OF_USERNAME // MOST_FAILURES + 2)
        ]


def test_given_guesses_from_many_addresses_then_a_known_browser_is_let_in_and_a_new_one_waits(
    stranger: httpx.Client, others: list[httpx.Client]
) -> None:
    """A stranger with addresses without end keeps a person out of new browsers alone."""
    assert signs_in(stranger, RIGHT) == 303
    for other in others:
        for _ in range(MOST_FAILURES):
            signs_in(other, WRONG)
    assert signs_in(stranger, RIGHT) == 303
    stranger.cookies.clear()
    assert signs_in(stranger, RIGHT) == 429


def test_given_guesses_from_the_same_address_then_a_known_browser_is_let_in(
    stranger: httpx.Client, address: str
) -> None:
    """Of an office behind one address somebody guesses; of a proxy nobody named all are one."""
    assert signs_in(stranger, RIGHT) == 303
    with httpx.Client(base_url=address, timeout=60) as other:
        for n in range(MOST_OF_ADDRESS + MOST_FAILURES):
            signs_in(other, WRONG | {"username": f"name{n}"})
            signs_in(other, WRONG)
        assert signs_in(other, RIGHT) == 429
    assert signs_in(stranger, RIGHT) == 303


def test_a_known_browser_guesses_no_more_than_another(stranger: httpx.Client) -> None:
    """Who has it in the hand has its own few attempts, wherever it is carried."""
    assert signs_in(stranger, RIGHT) == 303
    answers = [signs_in(stranger, WRONG) for _ in range(MOST_FAILURES + 1)]
    assert answers == [401] * MOST_FAILURES + [429]
    assert signs_in(stranger, RIGHT) == 429


def test_the_mark_is_kept_from_scripts_and_names_nobody(stranger: httpx.Client) -> None:
    """It stands in a cookie of its own beside the session's, and stays when that is taken."""
    marks = [
        cookie
        for cookie in stranger.post("/sign-in", data=RIGHT).headers.get_list("set-cookie")
        if "qingyuan_session_" in cookie
    ]
    assert len(marks) == 1
    assert "HttpOnly" in marks[0]
    assert "SameSite=lax" in marks[0]
    assert "daibiao" not in marks[0]
    stranger.post("/sign-out")
    assert [name.count("_") for name in stranger.cookies] == [2]


def test_only_a_right_password_gives_a_mark(stranger: httpx.Client) -> None:
    """Otherwise a stranger would make as many as wanted."""
    assert signs_in(stranger, WRONG) == 401
    assert not stranger.cookies


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, LASTS_MS - 1))
def test_a_mark_is_of_one_person_and_ends(username: str, other: str, later: int) -> None:
    """It knows its person until its end, and nobody else."""
    mark = KNOWN.mark(username, NOW_MS)
    assert KNOWN.browser(username, mark, NOW_MS + later)
    assert not KNOWN.browser(username, mark, NOW_MS + LASTS_MS)
    assert (username == other) == bool(KNOWN.browser(other, mark, NOW_MS))
    assert not KnownBrowsers(b"o" * 32).browser(username, mark, NOW_MS)


@given(st.data())
def test_a_mark_that_was_changed_is_none(data: st.DataObject) -> None:
    """In any sign, and whatever text is sent in its place."""
    mark = KNOWN.mark("daibiao", NOW_MS)
    at = data.draw(st.integers(0, len(mark) - 1))
    changed = mark[:at] + data.draw(st.characters(codec="latin-1")) + mark[at + 1 :]
    assert (changed == mark) == bool(KNOWN.browser("daibiao", changed, NOW_MS))
    assert not KNOWN.browser("daibiao", data.draw(st.text()), NOW_MS)


def test_two_browsers_of_a_person_are_two() -> None:
    """Each with attempts of its own."""
    marks = {KNOWN.mark("daibiao", NOW_MS) for _ in range(100)}
    assert len({KNOWN.browser("daibiao", mark, NOW_MS) for mark in marks}) == 100
