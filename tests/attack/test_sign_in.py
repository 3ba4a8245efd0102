"""A flood of sign-ins takes neither memory nor alerts, and keeps nobody out."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx

from api.accounts.credentials.passwords import MEMORY_KIB, MOST_AT_ONCE
from api.accounts.limits import MOST_OF_ADDRESS
from tests.attack.serving import Serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

CONNECTIONS = 60 if SOAK else 20
ATTEMPTS = 10_000 if SOAK else 400
HASHES_MIB = MOST_AT_ONCE * MEMORY_KIB / 1024


class Flood:
    """Strangers on so many connections, a name never used twice, each from an address."""

    def __init__(self, port: int, addresses: list[str]) -> None:
        self.answers: Counter[int] = Counter()
        self.without_remedy = 0
        self._port = port
        self._numbers, self._enough = itertools.count(), threading.Event()
        self._threads = [
            threading.Thread(target=self._knock, args=(address,))
            for address, _ in zip(itertools.cycle(addresses), range(CONNECTIONS), strict=False)
        ]

    def _knock(self, address: str) -> None:
        transport = httpx.HTTPTransport(local_address=address)
        at = f"http://127.0.0.1:{self._port}"
        with httpx.Client(base_url=at, transport=transport, timeout=60) as client:
            while not self._enough.is_set():
                body = {"username": f"nobody{next(self._numbers)}", "password": "guessed"}
                answer = client.post("/api/v1/session", json=body)
                self.answers[answer.status_code] += 1
                said = "请在" in answer.text and int(answer.headers.get("retry-after", 0)) > 0
                self.without_remedy += answer.status_code == 429 and not said

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Inside, and until it was large enough."""
        for thread in self._threads:
            thread.start()
        try:
            yield
            wait_until(lambda: self.answers.total() >= ATTEMPTS, seconds=120)
        finally:
            self._enough.set()
            for thread in self._threads:
                thread.join()


def test_given_a_flood_from_one_address_few_passwords_are_hashed_and_alerts_come(
    centre: Serving,
) -> None:
    """Most are refused with a remedy; an officer elsewhere signs in meanwhile."""
    flood = Flood(centre.port, ["127.0.1.1"])
    with centre.growing_less_than(HASHES_MIB), centre.undisturbed(), flood.going_on():
        sign_in_from_elsewhere(centre)
    assert flood.answers.keys() == {401, 429}
    assert flood.answers[401] <= MOST_OF_ADDRESS * 2
    assert flood.without_remedy == 0
    assert centre.log.read_text().count("127.0.1.1") <= 4


def test_given_a_flood_from_many_addresses_memory_is_bounded_and_alerts_come(
    centre: Serving,
) -> None:
    """Two hashes at once are all that it gets."""
    flood = Flood(centre.port, [f"127.0.2.{n}" for n in range(1, CONNECTIONS + 1)])
    with centre.growing_less_than(HASHES_MIB), centre.undisturbed(), flood.going_on():
        pass
    assert flood.answers.keys() <= {401, 429}
    assert flood.without_remedy == 0


def test_a_password_is_kept_by_the_figures_of_the_owasp_cheat_sheet(centre: Serving) -> None:
    """argon2id of 19 MiB, two passes, one lane; tests elsewhere make lighter ones."""
    state = centre.log.parent / "centre" / "state.sqlite"
    with closing(sqlite3.connect(state)) as connection:
        kept = [row[0] for row in connection.execute("select password_hash from account")]
    assert kept
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in kept)


def sign_in_from_elsewhere(centre: Serving) -> None:
    """Whoever is turned away for the crowd alone comes in a moment later."""
    with httpx.Client(base_url=f"http://127.0.0.1:{centre.port}", timeout=30) as client:
        wait_until(
            lambda: client.post("/api/v1/session", json=centre.right).status_code == 204,
            seconds=60,
        )
