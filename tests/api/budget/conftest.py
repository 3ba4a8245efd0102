"""Somebody of the office and of units, for tests of budget supervision."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api.budget.finding_hands import rule
from tests.api.conftest import entered

__all__ = ["rule"]


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=30) as client:
        entered(client, "lianluo")
        yield client


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区水利局."""
    with httpx.Client(base_url=address, timeout=30) as client:
        entered(client, "shuili")
        yield client


@pytest.fixture
def housing(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区住房和城乡建设局."""
    with httpx.Client(base_url=address, timeout=30) as client:
        entered(client, "zhujian")
        yield client
