"""Settings come from one file and the environment, which wins; a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load
from config.vocabulary.errors import FaultyInput


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """QINGYUAN_HTTP_PORT over http_port; settings of the broker by their own prefix."""
    path = tmp_path / "s.toml"
    path.write_text('http_port = 9000\nstore_url = "a"\ncatalogue = "d"\n[broker]\nport = 1884\n')
    environment = {"QINGYUAN_HTTP_PORT": "9001", "QINGYUAN_BROKER_HOST": "h", "HOME": "/"}

    settings = load(path, environment | {"QINGYUAN_DATA_DIR": "data/x"})

    assert (settings.http_port, settings.store_url) == (9001, "a")
    assert (settings.catalogue, settings.data_dir) == (Path("d"), Path("data/x"))
    assert (settings.broker.host, settings.broker.port) == ("h", 1884)


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"QINGYUAN_HTTP_PORT": "0"}, "http_port"),
        ({"QINGYUAN_BROKER_PORT": "x"}, "broker.port"),
        ({"QINGYUAN_STORE": "paper"}, "store"),
        ({"QINGYUAN_NONSENSE": "1"}, "nonsense"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], place: str) -> None:
    """With where to mend it."""
    with pytest.raises(FaultyInput, match=place):
        load(None, environment)
