"""Appointments as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.accounts.records import Grant, Membership, Span, Unit
from api.services import Services
from config.catalogue.words import Words


def unit_said(t: Words, units: Mapping[str, Unit], unit: str) -> str:
    """The name of a unit; its id where there is none of it."""
    return t.name(units[unit].name) if unit in units else unit


def units_said(
    t: Words, units: Mapping[str, Unit], memberships: Iterable[Membership]
) -> list[str]:
    """Each unit with the post there."""
    return [
        t("administration.post", unit=unit_said(t, units, of.unit), post=of.post)
        if of.post
        else unit_said(t, units, of.unit)
        for of in memberships
    ]


def roles_said(
    services: Services, units: Mapping[str, Unit], grants: Iterable[Grant]
) -> list[str]:
    """Each role with what bounds it."""
    return [role_said(services, units, grant) for grant in grants]


def role_said(services: Services, units: Mapping[str, Unit], grant: Grant) -> str:
    """A role with what bounds it; its id where the site has none of it."""
    t, known = services.words, services.roles.by_id.get(grant.role)
    name = known.said(t) if known else grant.role
    bounds = [t(f"{grant.platform}.title")] if grant.platform in services.roles.platforms else []
    bounds += [unit_said(t, units, grant.unit)] if grant.unit else []
    return t("administration.role-within", role=name, bounds=t.listed(bounds)) if bounds else name


def span_said(t: Words, span: Span) -> str:
    """From and until when; empty: always."""
    if span.from_day and span.until_day:
        return t("administration.from-until", begin=span.from_day, end=span.until_day)
    if span.from_day:
        return t("administration.from", begin=span.from_day)
    return t("administration.until", end=span.until_day) if span.until_day else ""
