"""Permissions: which role has which, and how a platform brings its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter

import config
from api.accounts.authentication import require
from api.accounts.permission import Permission
from api.accounts.records import Account
from api.app import create_app
from api.roster import ROSTER
from api.shape import Platform
from config.catalogue.words import Words
from tests.api.conftest import PASSWORDS, RunningCentre

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


router = APIRouter()


@router.post("/signatures")
def sign(account: Annotated[Account, require(ToyPermission.SIGN)]) -> str:
    """Who signed."""
    return account.username


TOY = Platform(
    slug="toy",
    folder=Path(__file__).parent,
    permissions={ToyPermission.SIGN: frozenset({"deputy"})},
    api=(router,),
)


def test_given_a_platform_with_a_permission_of_its_own_then_only_its_roles_pass(
    centre: RunningCentre,
) -> None:
    """The refusal names the permission and who has it."""
    transport = httpx.ASGITransport(create_app(centre.services, (*ROSTER, TOY)))

    async def signed(username: str) -> tuple[int, object]:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            body = {"username": username, "password": PASSWORDS[username]}
            await client.post("/api/v1/session", json=body)
            answer = await client.post("/api/v1/toy/signatures")
            return answer.status_code, answer.json()

    assert asyncio.run(signed("daibiao")) == (200, "daibiao")
    missing = {"detail": "permission toy.sign is missing; sign in as deputy"}
    assert asyncio.run(signed("huanbao")) == (403, missing)
