"""Whom an alert concerns: roles, by what it speaks of."""

from __future__ import annotations

from alerting.alert import About

_AUDIENCES: dict[About, tuple[str, ...]] = {
    "pollution": ("deputy", "officer"),
    "maintenance": ("officer",),
}


def audiences(about: About) -> tuple[str, ...]:
    """Roles that hear of it. A sensor's or a link's fault never goes to deputies."""
    return _AUDIENCES[about]
