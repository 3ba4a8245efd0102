"""The filters of the list of events in words."""

from __future__ import annotations

from alerting.alert import Level
from api.services import Services

Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    levels = [(of.name.lower(), t(f"level.{of.name.lower()}")) for of in reversed(Level)]
    abouts = [(of, t(f"policies.about-{of}")) for of in ("pollution", "maintenance")]
    return [
        ("level", t("events.level-at-least"), [("", t("alerts.any-level")), *levels]),
        ("about", t("events.about"), [("", t("events.any-about")), *abouts]),
    ]
