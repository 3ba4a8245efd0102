"""How often one may try to sign in, and at what cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from api.accounts.attempt_log import MOST_ADDRESSES, AttemptLog
from api.accounts.credentials import passwords
from api.accounts.limits import (
    FAILURE_SPAN_MS,
    MOST_FAILURES,
    MOST_OF_ADDRESS,
    MOST_OF_USERNAME,
    Client,
    FailureMeter,
    SignInLimits,
    TooManyAttempts,
)
from api.accounts.repositories.people import People
from tests.api.conftest import PASSWORDS, RunningCentre
from tests.conftest import examples, wait_until

RIGHT = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
WRONG = {"username": "daibiao", "password": "wrong"}


@contextmanager
def from_address(address: str, own: str) -> Iterator[httpx.Client]:
    """A client of another address of this machine."""
    transport = httpx.HTTPTransport(local_address=own)
    with httpx.Client(base_url=address, transport=transport, timeout=60) as client:
        yield client


def test_too_many_wrong_passwords_make_their_address_wait(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Then even the right one waits, on page and API with words and a remedy; it passes."""
    for _ in range(MOST_FAILURES):
        assert stranger.post("/api/v1/session", json=WRONG).status_code == 401
    refused = stranger.post("/api/v1/session", json=RIGHT)
    page = stranger.post("/sign-in", data=RIGHT)
    for answer in (refused, page):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "38")
        assert "登录尝试过多，请在 38 秒后再试" in answer.text
    centre.clock.now_ms += 38_000
    assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204


def test_a_stranger_elsewhere_locks_nobody_out(stranger: httpx.Client, address: str) -> None:
    """Wrong passwords count where they come from."""
    for _ in range(MOST_FAILURES + 1):
        last = stranger.post("/api/v1/session", json=WRONG)
    assert last.status_code == 429
    with from_address(address, "127.0.0.2") as elsewhere:
        assert elsewhere.post("/api/v1/session", json=RIGHT).status_code == 204


def test_a_client_names_no_address_of_its_own_unless_a_proxy_is_trusted(
    stranger: httpx.Client, address: str
) -> None:
    """X-Forwarded-For counts from this machine, where a proxy may stand, and from nowhere else."""
    wrong = {"json": WRONG}
    for n in range(MOST_FAILURES):
        header = {"X-Forwarded-For": f"192.0.2.{n}"}
        assert stranger.post("/api/v1/session", **wrong, headers=header).status_code == 401
    assert stranger.post("/api/v1/session", **wrong).status_code == 401
    with from_address(address, "127.0.0.2") as elsewhere:
        answers = [
            elsewhere.post(
                "/api/v1/session", **wrong, headers={"X-Forwarded-For": f"192.0.2.{n}"}
            ).status_code
            for n in range(MOST_FAILURES + 1)
        ]
    assert answers == [401] * MOST_FAILURES + [429]


def test_names_without_end_do_not_help_one_address(stranger: httpx.Client) -> None:
    """Nor does an account of one's own wash it clean."""
    tried = 0
    while (
        stranger.post("/api/v1/session", json=WRONG | {"username": f"n{tried}"}).status_code < 429
    ):
        tried += 1
        if tried % 7 == 0:
            assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204
    assert tried == MOST_OF_ADDRESS


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(
    stranger: httpx.Client,
) -> None:
    """What succeeds does not count."""
    for _ in range(MOST_OF_ADDRESS + 5):
        assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204


def test_guessing_from_many_addresses_is_bounded_too() -> None:
    """By name, for an hour; another name is not touched."""
    limits = SignInLimits()
    for n in range(MOST_OF_USERNAME):
        limits.enter(Client.of(f"198.51.{n}.1", "daibiao"), 0)
    with pytest.raises(TooManyAttempts):
        limits.enter(Client.of("203.0.113.1", "daibiao"), 0)
    limits.enter(Client.of("203.0.113.1", "huanbao"), 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_subscriber_is_one_address(one: str, other: str, *, same: bool) -> None:
    """In IPv6 its /64."""
    assert (Client.of(one, "x") == Client.of(other, "x")) is same


@settings(max_examples=examples(50), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400_000)), max_size=40),
    st.integers(0, 2000),
)
def test_a_meter_never_forgets_for_the_sake_of_others(
    tries: list[tuple[str, int]], strangers: int
) -> None:
    """Each key's own leaky bucket is a lower bound, whatever else fills the cells."""
    meter = FailureMeter(MOST_FAILURES, FAILURE_SPAN_MS)
    level, at, now_ms = dict.fromkeys("abc", 0.0), dict.fromkeys("abc", 0), 0
    for n in range(strangers):
        meter.add(f"stranger {n}", 1, 0)
    for key, later in tries:
        now_ms += later
        leaked = (now_ms - at[key]) * MOST_FAILURES / FAILURE_SPAN_MS
        level[key], at[key] = max(level[key] - leaked, 0.0) + 1, now_ms
        meter.add(key, 1, now_ms)
        assert meter.count(key, now_ms) >= level[key] - 1e-6


def test_only_two_passwords_are_hashed_at_once(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few wait, the others are sent away at once; who was not heard has used up no attempt."""
    begun, go_on, lock = [], threading.Event(), threading.Lock()
    original = passwords._check

    def slow(password_hash: str | None, password: str) -> passwords.Checked:
        with lock:
            begun.append(password)
        go_on.wait(20)
        return original(password_hash, password)

    monkeypatch.setattr(passwords, "_check", slow)
    monkeypatch.setattr(passwords, "WAIT_S", 20.0)
    crowd = passwords.MOST_AT_ONCE + passwords.MOST_WAITING
    addresses = [f"127.0.0.{2 + n // passwords.MOST_OF_ONE}" for n in range(crowd)]
    with ThreadPoolExecutor(crowd) as pool, ExitStack() as stack:
        clients = [
            stack.enter_context(from_address(str(stranger.base_url), own)) for own in addresses
        ]
        first = [
            pool.submit(client.post, "/api/v1/session", json=RIGHT, timeout=30)
            for client in clients
        ]
        wait_until(lambda: passwords._admitted.total() == crowd)
        for _ in range(MOST_OF_ADDRESS + 1):
            answer = stranger.post("/api/v1/session", json=RIGHT)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert len(begun) == passwords.MOST_AT_ONCE
        go_on.set()
        assert {answer.result().status_code for answer in first} == {204}
    assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204


def test_one_address_leaves_others_room_to_be_looked_at(
    stranger: httpx.Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many it sends at once, and whoever they say they are."""
    go_on, original = threading.Event(), passwords._check

    def held(password_hash: str | None, password: str) -> passwords.Checked:
        go_on.wait(20)
        return original(password_hash, password)

    monkeypatch.setattr(passwords, "_check", held)
    monkeypatch.setattr(passwords, "WAIT_S", 20.0)
    names = [f"name{n}" for n in range(2 * passwords.MOST_OF_ONE)]
    bodies = [WRONG | {"username": name} for name in names]
    with (
        ThreadPoolExecutor(len(names) + 1) as pool,
        from_address(address, "127.0.0.2") as elsewhere,
    ):
        volley = [
            pool.submit(stranger.post, "/api/v1/session", json=body, timeout=30) for body in bodies
        ]
        wait_until(lambda: sum(one.done() for one in volley) == passwords.MOST_OF_ONE)
        person = pool.submit(elsewhere.post, "/api/v1/session", json=RIGHT, timeout=30)
        wait_until(lambda: passwords._admitted.total() == passwords.MOST_OF_ONE + 1)
        go_on.set()
        assert person.result().status_code == 204
        assert sorted(one.result().status_code for one in volley) == [401] * 3 + [429] * 3


def test_an_older_hash_is_valid_and_made_anew(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Sessions opened before stay."""
    assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204
    kept = People(centre.services.state)
    old = PasswordHasher(time_cost=3, memory_cost=64, parallelism=4).hash(RIGHT["password"])
    with centre.services.state.begin() as connection:
        kept.put(connection, "daibiao", password_hash=old)
    with httpx.Client(base_url=stranger.base_url) as another:
        assert another.post("/api/v1/session", json=RIGHT).status_code == 204
        found = kept.login("daibiao")
        assert found is not None
        assert "t=3" not in found.password_hash
        assert another.post("/api/v1/session", json=RIGHT).status_code == 204
    assert stranger.get("/api/v1/session").status_code == 200


def test_failures_are_logged_once_a_minute_and_address(
    centre: RunningCentre, stranger: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The first at once, the rest counted."""
    for _ in range(MOST_FAILURES + 3):
        stranger.post("/api/v1/session", json=WRONG)
    centre.clock.now_ms += 61_000
    stranger.post("/api/v1/session", json=WRONG)
    said = [record.getMessage() for record in caplog.records if "sign-ins" in record.message]
    assert said == [
        "sign-ins from 127.0.0.1: 1 failed, 0 refused",
        "sign-ins from 127.0.0.1: 8 failed, 3 refused",
    ]


def test_the_log_of_attempts_is_bounded() -> None:
    """Beyond a thousand addresses the rest is counted together; a minute later all is forgotten."""
    log = AttemptLog()
    for n in range(5 * MOST_ADDRESSES):
        log.note(f"address {n}", "failed", 0)
    assert len(log._counted) == MOST_ADDRESSES + 1
    log.flush(60_000)
    log.flush(120_000)
    assert not log._counted


@pytest.mark.parametrize("text", ["\\ud800", "a\\u0000b", "\\udfff\\ud800"])
@pytest.mark.parametrize("field", ["username", "password"])
def test_text_that_no_person_types_is_refused(
    stranger: httpx.Client, field: str, text: str
) -> None:
    """Half a surrogate pair is no character, and a database keeps no NUL."""
    other = {"username": "password", "password": "username"}[field]
    body = f'{{"{field}": "{text}", "{other}": "x"}}'
    answer = stranger.post(
        "/api/v1/session", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in ({422} if "ud" in text or field == "username" else {401, 422})
