"""Permissions of each platform: whole, and as the document lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from api.roster import ROSTER, roles_of, words_of
from api.shape import Platform
from config.catalogue.words import Words

DOCUMENT = Path(config.__file__).parents[1] / "docs" / "permissions.md"
ROLES = roles_of(ROSTER, Path("/nowhere"))


@pytest.mark.parametrize("platform", ROSTER, ids=lambda platform: platform.slug)
def test_given_a_platform_then_each_of_its_permissions_has_roles_and_its_slug(
    platform: Platform,
) -> None:
    """So that nobody is sent to nobody, and two platforms never mean the same."""
    assert all(ROLES.having(permission) for permission in platform.permissions)
    assert {permission.slug for permission in platform.permissions} <= {platform.slug}
    asked = {entry.permission for entry in platform.menu} - {None}
    assert asked <= set(platform.permissions)


def test_given_the_platforms_then_the_document_lists_each_permission_with_its_roles() -> None:
    """As pages name it."""
    words = Words.load("zh-CN", words_of(ROSTER))
    listed = [
        f"| `{permission}` | {words(permission.words)} |"
        f" {', '.join(role.id for role in ROLES.having(permission))} |"
        for platform in ROSTER
        for permission in platform.permissions
    ]
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == listed
