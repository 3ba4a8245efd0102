"""Hands at the exchange: two bodies, an office, and what passes between them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import entered
from tests.api.toy.manifest import PLATFORM as TOY


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


def _signed_in(address: str, username: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, username)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office who asks bodies, and sees no payments of the toy."""
    yield from _signed_in(address, "lianluo")


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区水利局."""
    yield from _signed_in(address, "shuili")


@pytest.fixture
def housing(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区住建局."""
    yield from _signed_in(address, "zhujian")
