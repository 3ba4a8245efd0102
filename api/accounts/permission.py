"""Permissions: each platform names its own, so that a new one touches no central file."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Base of every platform's enumeration. A value is ``<slug>.<name>``: two platforms never mean
    the same.
    """

    @property
    def slug(self) -> str:
        """Of its platform."""
        return self.partition(".")[0]

    @property
    def words(self) -> str:
        """Key of its name as people read it."""
        slug, _, name = self.partition(".")
        return f"{slug}.permission.{name}"
