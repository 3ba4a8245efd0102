"""Rules as a document writes them: keys that every kind has, and the levels."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from alerting.rules.rule import Scope
from config.catalogue.shapes import Identifier, Text

Count = Annotated[int, Meta(ge=1)]


class ClearText(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    """What ends an alert, as written."""

    below: float | None = None
    above: float | None = None
    lasting: str = "0s"


class LevelText(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    """A level as written."""

    level: Literal["notice", "warning", "alarm", "critical"]
    above: float | None = None
    below: float | None = None
    by: Count | None = None
    within: str | None = None
    at_least: Count | Literal["all", "any"] | None = None
    lasting: str | None = None
    clear: ClearText | None = None
    basis: str | None = None


class RuleText(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"levels": "level", "conditions": "condition"},
):
    """A rule as written. A kind adds its own keys in a class of its own below this one."""

    id: Identifier
    name: Text
    kind: str
    reason: Text
    levels: Annotated[list[LevelText], Meta(min_length=1)]
    basis: str = ""
    stations: Scope = field(default_factory=Scope)
    version: Count = 1
