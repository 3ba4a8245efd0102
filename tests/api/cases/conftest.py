"""Hands at supervision cases."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import entered


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
