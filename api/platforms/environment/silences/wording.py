"""Silences in words: which alerts, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerting.alert import Level
from alerting.formats import instant
from alerting.silences.silence import Scope, Silence
from api.platforms.environment.silences.records import FIELDS, Draft
from api.services import Services


@dataclass(frozen=True, slots=True)
class Line:
    """One of the list."""

    silence: Silence
    scope: str
    level: str
    span: str


def scope_in_words(
    services: Services, choices: Mapping[str, Mapping[str, str]], scope: Scope
) -> str:
    """Which alerts: the values of each field that names any."""
    t = services.words
    parts = [
        t(f"silences.of-{name}", names=t.listed(choices[name].get(of, of) for of in values))
        for name in FIELDS
        if (values := getattr(scope, name))
    ]
    return t.clauses(parts)


def level_in_words(services: Services, level: Level) -> str:
    """Up to which level, and whether a graver one is told."""
    t = services.words
    if level is Level.CRITICAL:
        return t("silences.every-level")
    return t("silences.up-to", level=t(f"level.{level.name.lower()}"))


def span_in_words(services: Services, silence: Silence | Draft) -> str:
    """From when until when."""
    now = services.now_ms()
    begin, until = (
        instant(services.words, at_ms, now) for at_ms in (silence.from_ms, silence.until_ms)
    )
    return services.words("silences.span", begin=begin, until=until)


def lines(
    services: Services, choices: Mapping[str, Mapping[str, str]], silences: list[Silence]
) -> list[Line]:
    """Silences for the list."""
    return [
        Line(
            of,
            scope_in_words(services, choices, of.scope),
            level_in_words(services, of.level),
            span_in_words(services, of),
        )
        for of in silences
    ]
