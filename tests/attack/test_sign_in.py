"""A flood of sign-ins takes neither memory nor alerts, and keeps nobody out."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.accounts.limits import MOST_OF_ADDRESS
from api.accounts.passwords import MEMORY_KIB, MOST_AT_ONCE, MOST_WAITING
from tests.attack.serving import HONEST, Serving, serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

CONNECTIONS = 60 if SOAK else 20
ATTEMPTS = 10_000 if SOAK else 400
HASHES_MIB = (MOST_AT_ONCE + MOST_WAITING) * MEMORY_KIB / 1024


class Flood:
    """Strangers on so many connections, a name never used twice, each from an address."""

    def __init__(self, port: int, addresses: int) -> None:
        self.answers: Counter[int] = Counter()
        self.without_remedy = 0
        self._port, self._addresses = port, addresses
        self._numbers, self._enough = itertools.count(), threading.Event()
        self._threads = [
            threading.Thread(target=self._knock, args=(f"127.0.1.{1 + n % addresses}",))
            for n in range(CONNECTIONS)
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
    tmp_path: Path,
) -> None:
    """Most are refused with a remedy; an officer elsewhere signs in meanwhile."""
    with serving(tmp_path) as centre:
        flood = Flood(centre.port, addresses=1)
        with centre.growing_less_than(HASHES_MIB), flood.going_on():
            centre.polluted(HONEST[1])
            centre.wait_for_alert(HONEST[1])
            sign_in_from_elsewhere(centre)
        assert flood.answers.keys() == {401, 429}
        assert flood.answers[401] <= MOST_OF_ADDRESS * 2
        assert flood.without_remedy == 0
    assert (tmp_path / "log").read_text().count("127.0.1.1") <= 4


def test_given_a_flood_from_many_addresses_memory_is_bounded_and_alerts_come(
    tmp_path: Path,
) -> None:
    """Two hashes at once are all that it gets."""
    with serving(tmp_path) as centre:
        flood = Flood(centre.port, addresses=CONNECTIONS)
        with centre.growing_less_than(HASHES_MIB), flood.going_on():
            centre.polluted(HONEST[1])
            centre.wait_for_alert(HONEST[1])
        assert flood.answers.keys() <= {401, 429}
        assert flood.without_remedy == 0


def sign_in_from_elsewhere(centre: Serving) -> None:
    """Whoever is turned away for the crowd alone comes in a moment later."""
    with httpx.Client(base_url=f"http://127.0.0.1:{centre.port}", timeout=30) as client:
        wait_until(
            lambda: client.post("/api/v1/session", json=centre.right).status_code == 204,
            seconds=60,
        )
