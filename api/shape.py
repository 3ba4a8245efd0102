"""What a platform must declare to stand in the roster."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a key of the words, and where it leads."""

    words: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True)
class Platform:
    """One of the five platforms."""

    slug: str
    routers: tuple[APIRouter, ...]
    menu: tuple[Entry, ...]
