"""A volley of wrong passwords keeps nobody out who comes from elsewhere."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from api.accounts.limits import MOST_FAILURES, MOST_OF_ADDRESS
from tests.api.conftest import BOTH, PASSWORDS

pytestmark = pytest.mark.parametrize("kind", BOTH)

VOLLEY, CONNECTIONS = 1000, 8
RIGHT = {"username": "daibiao", "password": PASSWORDS["daibiao"]}


@pytest.mark.parametrize(
    ("names", "hashed"),
    [(["daibiao"], MOST_FAILURES), ([f"name{n}" for n in range(VOLLEY)], MOST_OF_ADDRESS)],
    ids=["one name", "many names"],
)
def test_given_a_volley_from_one_address_when_the_person_comes_from_another_then_she_is_let_in(
    stranger: httpx.Client, address: str, names: list[str], hashed: int
) -> None:
    """At once, with her first attempt; of the volley no more is hashed than one address may."""

    def guess(number: int) -> int:
        body = {"username": names[number % len(names)], "password": f"guess {number}"}
        return stranger.post("/api/v1/session", json=body).status_code

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = Counter(pool.map(guess, range(VOLLEY)))
    assert answers.keys() == {401, 429}
    assert answers[401] <= hashed
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=address, transport=elsewhere, timeout=60) as person:
        assert person.post("/api/v1/session", json=RIGHT).status_code == 204
        assert person.get("/api/v1/session").json()["username"] == "daibiao"
