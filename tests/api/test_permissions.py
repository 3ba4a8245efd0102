"""Permissions: which role has which, and how a platform brings its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter

import config
from api import app as front
from api.accounts.authentication import require
from api.accounts.permission import Permission
from api.accounts.records import Account
from api.roster import ROSTER
from api.shape import Entry, Platform
from config.catalogue.words import Words

DOCUMENT = Path(config.__file__).parents[1] / "docs" / "permissions.md"


@pytest.mark.parametrize("platform", ROSTER, ids=lambda platform: platform.slug)
def test_given_a_platform_then_each_of_its_permissions_has_roles_and_its_slug(
    platform: Platform,
) -> None:
    """So that nobody is sent to nobody, and two platforms never mean the same."""
    (enumeration,) = {type(permission) for permission in platform.permissions}
    assert set(platform.permissions) == set(enumeration)
    assert all(platform.permissions.values())
    assert {permission.partition(".")[0] for permission in enumeration} == {platform.slug}
    assert {entry.permission for entry in platform.menu} <= set(enumeration)


def test_given_the_platforms_then_the_document_lists_each_permission_with_its_roles() -> None:
    """As pages name it."""
    words = Words.load("zh-CN")
    listed = [
        f"| `{permission}` | {words(permission.words)} | {', '.join(sorted(roles))} |"
        for platform in ROSTER
        for permission, roles in platform.permissions.items()
    ]
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == listed


class ToyPermission(Permission):
    """Of a platform that no other file knows."""

    SIGN = "toy.sign"


router = APIRouter(prefix="/api/v1/toy")


@router.post("/signatures")
def sign(account: Annotated[Account, require(ToyPermission.SIGN)]) -> str:
    """Who signed."""
    return account.username


TOY = Platform(
    slug="toy",
    routers=(router,),
    menu=(Entry("menu.overview", "/toy", "map", ToyPermission.SIGN),),
    permissions={ToyPermission.SIGN: frozenset({"deputy"})},
)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in the roster; asked for before the pages are served."""
    monkeypatch.setattr(front, "ROSTER", (*ROSTER, TOY))


def test_given_a_platform_with_a_permission_of_its_own_then_only_its_roles_pass(
    toy: None, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """The refusal names the permission and who has it."""
    answers = [client.post("/api/v1/toy/signatures") for client in (deputy, officer)]
    missing = {"detail": "permission toy.sign is missing; sign in as deputy"}
    assert [(each.status_code, each.json()) for each in answers] == [
        (200, "daibiao"),
        (403, missing),
    ]
