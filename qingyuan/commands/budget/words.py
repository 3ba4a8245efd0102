"""The words of the budget platform, for commands that need no centre."""

from __future__ import annotations

from pathlib import Path

from api import platforms
from config.catalogue.words import Words
from config.settings import Settings

FOLDER = Path(platforms.__file__).parent / "budget" / "words"


def words_of(settings: Settings) -> Words:
    """In the language of the settings."""
    return Words.load(settings.language, {"budget": FOLDER}, settings.catalogue)
