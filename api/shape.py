"""What a platform must declare to stand in the roster; docs/platforms.md shows how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from api.accounts.records import ROLES, Account, Role
from api.services import Services


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a key of the words, where it leads below the platform's address, and who
    sees it. Pages ``below`` other paths belong to it too.
    """

    words: str
    path: str
    icon: str
    roles: tuple[Role, ...] = ROLES
    below: tuple[str, ...] = ()


def nothing_more(_services: Services, _account: Account) -> Mapping[str, Any]:
    """Of a platform whose pages share no values of their own."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One of the five platforms.

    Its pages lie below ``/{slug}``, its API below ``/api/v1/{slug}``. Its name is the word
    ``{slug}.title``. Templates in any room of ``folder`` are found as ``{slug}/name.html``.
    ``frame`` gives values that all of its pages share; ``counts`` among them stand beside entries
    of the menu, by path. ``caches`` are classes of which a process keeps one each, for
    :func:`api.web.caches.cache`.
    """

    slug: str
    folder: Path
    menu: tuple[Entry, ...] = ()
    pages: tuple[APIRouter, ...] = ()
    api: tuple[APIRouter, ...] = ()
    api_prefix: str = ""
    """Where the API lies instead, if programs know it by an older address."""
    frame: Callable[[Services, Account], Mapping[str, Any]] = nothing_more
    caches: tuple[type, ...] = ()

    @property
    def api_address(self) -> str:
        """Below which the routes of the API lie."""
        return self.api_prefix or f"/api/v1/{self.slug}"
