"""One centre for all attacks that leave it whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attack.serving import Serving, serving


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """With honest stations that go on and on beside them."""
    with serving(tmp_path_factory.mktemp("centre")) as found:
        yield found
