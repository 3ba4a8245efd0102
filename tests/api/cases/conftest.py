"""Hands at supervision cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import entered

CITY = "南通市人大常委会"


def _signed_in(address: str, username: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, username)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office who keeps cases."""
    yield from _signed_in(address, "lianluo")


@pytest.fixture
def supervisor(address: str) -> Iterator[httpx.Client]:
    """Somebody who decides on cases."""
    yield from _signed_in(address, "daigongwei")


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区水利局."""
    yield from _signed_in(address, "shuili")


@pytest.fixture
def housing(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区住建局."""
    yield from _signed_in(address, "zhujian")


@pytest.fixture
def city(clerk: httpx.Client) -> int:
    """The city's congress, as the office entered it."""
    body = {"name": CITY, "level": "city", "way": "光盘"}
    answer = clerk.post("/api/v1/cases/receivers", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def settled(client: httpx.Client, case: int) -> None:
    """Every step that the chosen means asks for is recorded as done."""
    for one in measures(client, case):
        if one["state"] == "planned":
            given = {"day": "2026-11-20", "note": "已办"}
            path = f"/api/v1/cases/measures/{one['id']}/steps/record"
            assert client.post(path, json={"given": given}).is_success


def measures(client: httpx.Client, case: int) -> list[dict[str, Any]]:
    """The steps that the chosen means asks for."""
    answer = client.get(f"/api/v1/cases/{case}/measures")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found
