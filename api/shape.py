"""What a platform must declare to stand in the roster."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from api.accounts.permission import Permission
from api.accounts.records import RolesByPermission


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a key of the words, where it leads, and the permission to see it."""

    words: str
    path: str
    icon: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Platform:
    """One of the five platforms."""

    slug: str
    routers: tuple[APIRouter, ...]
    menu: tuple[Entry, ...]
    permissions: RolesByPermission
