"""The site's key: drawn once, kept from others, and another for each use."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import site_key
from config.settings import Settings
from config.vocabulary.errors import Refused


def test_given_no_key_when_it_is_loaded_then_one_is_drawn_that_stays(tmp_path: Path) -> None:
    """Nobody but this user may read it."""
    settings = Settings(data_dir=tmp_path / "data")
    first = site_key.load(settings)
    assert site_key.load(settings) == first
    assert (tmp_path / "data" / site_key.FILE).stat().st_mode & 0o077 == 0
    assert first.of("audit") != first.of("second-factor")
    assert first.secret.hex() not in repr(first)


def test_given_a_key_file_then_two_processes_have_the_same_key(tmp_path: Path) -> None:
    """Wherever their data directories are."""
    file = tmp_path / "key"
    one, two = (
        site_key.load(Settings(data_dir=tmp_path / name, key_file=str(file))) for name in "ab"
    )
    assert one == two


@pytest.mark.parametrize("content", ["", "no digits", "00ff"])
def test_given_a_file_that_holds_no_key_then_the_start_is_refused(
    tmp_path: Path, content: str
) -> None:
    """With its path and what belongs into it."""
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(Refused, match="64 hexadecimal digits"):
        site_key.load(Settings(key_file=str(file)))
