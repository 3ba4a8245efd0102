"""The platforms in menu order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from api.platforms.environment.manifest import PLATFORM as ENVIRONMENT
from api.shape import Platform

ROSTER: tuple[Platform, ...] = (ENVIRONMENT,)


def words_of(roster: Iterable[Platform]) -> Mapping[str, Path]:
    """By slug the folders of words that platforms bring."""
    return {platform.slug: platform.words for platform in roster if platform.words}
