"""What a platform must declare to stand in the roster."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from api.accounts.records import ROLES, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a key of the words, where it leads, and who sees it."""

    words: str
    path: str
    icon: str
    roles: tuple[Role, ...] = ROLES


@dataclass(frozen=True, slots=True)
class Platform:
    """One of the five platforms."""

    slug: str
    routers: tuple[APIRouter, ...]
    menu: tuple[Entry, ...]
