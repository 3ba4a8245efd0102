"""Names of units by id, in the official order."""

from __future__ import annotations

from collections.abc import Mapping

from api.accounts.repositories.units import Units
from api.services import Services
from config.vocabulary.time import day_of


def every(services: Services, kind: str = "") -> Mapping[str, str]:
    """All units that ever were, of a kind or of any: what is on record keeps its name."""
    return {
        of.id: services.words.name(of.name)
        for of in Units(services.state).all()
        if kind in ("", of.kind)
    }


def present(services: Services, kind: str = "") -> Mapping[str, str]:
    """Those that stand today: forms offer no others."""
    today = day_of(services.now_ms())
    return {
        of.id: services.words.name(of.name)
        for of in Units(services.state).all()
        if kind in ("", of.kind) and of.span.holds(today)
    }
