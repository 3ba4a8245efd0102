"""Decisions of the office on rules of terms, as people write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.deadlines.kept.rulebook import Held
from api.web.forms import LONGEST_WHY, NotAccepted, Typed
from config.law import Direction, Mark, Rule, Topic, Unit
from config.vocabulary.errors import Fault

Standing = Literal["verified", "confirmed", "unconfirmed", "proposal"]
Done = Literal["", "confirmed", "changed", "added", "recomputed"]
SHIFTABLE: Mapping[str, tuple[Unit, ...]] = {
    "hour": ("hour",),
    "day": ("day", "working-day", "half-month", "month", "year"),
}
"""Units that may take each other's stead."""
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
Basis = Annotated[str, Field(max_length=2 * LONGEST_WHY)]


class Asked(BaseModel):
    """Rules that are asked for; empty: all."""

    q: Annotated[str, Field(max_length=100)] = ""
    topic: Topic | Literal[""] = ""
    mark: Mark | Literal[""] = ""
    standing: Standing | Literal[""] = ""

    @property
    def narrowed(self) -> bool:
        """Whether some are left out."""
        return any((self.q, self.topic, self.mark, self.standing))

    def chosen(self, rules: Iterable[Held]) -> list[Held]:
        """Those that are asked for."""
        return [held for held in rules if self._fits(held)]

    def _fits(self, held: Held) -> bool:
        rule = held.rule
        text = f"{rule.id} {rule.title_zh} {rule.title_en} {rule.law_zh} {rule.clause_zh}"
        return (
            self.q.strip().lower() in text.lower()
            and self.topic in ("", rule.topic)
            and self.mark in ("", rule.mark)
            and self.standing in ("", standing_of(rule))
        )


class Confirming(BaseModel):
    """The office stands for a rule, on a basis; of another region it takes it over."""

    model_config = ConfigDict(extra="forbid")

    basis: Basis = ""

    def rule(self, held: Held, who: str, on: date) -> Rule:
        """The rule as confirmed.

        Raises:
            NotAccepted: there is no basis, or nothing to confirm.
        """
        _checked(self.basis)
        if held.rule.verified:
            fault = Fault("basis", "this rule is verified already", "confirm another one")
            raise NotAccepted(fault, "verified")
        return msgspec.structs.replace(held.rule, confirmed_by=who, confirmed_on=on)


class Changing(BaseModel):
    """Another amount of a rule whose text was not read; it waits to be confirmed again."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[int, Field(ge=0, le=1000)]
    unit: Unit
    basis: Basis = ""

    def rule(self, held: Held) -> Rule:
        """The rule as changed.

        Raises:
            NotAccepted: there is no basis, the law fixes it, or the unit is of another kind.
        """
        _checked(self.basis)
        if not changeable(held.rule):
            fault = Fault("amount", "the law fixes it", "add a rule of your own")
            raise NotAccepted(fault, "fixed")
        if self.unit not in units_for(held.rule.unit):
            raise NotAccepted(Fault("unit", "is of another kind", "choose a listed one"), "unit")
        if self.amount == 0 and self.unit != "day":
            raise NotAccepted(Fault("amount", "is nothing", "give 1 and more"), "amount")
        if (self.amount, self.unit) == (held.rule.amount, held.rule.unit):
            raise NotAccepted(Fault("amount", "is as before", "give another one"), "same")
        return msgspec.structs.replace(
            held.rule, amount=self.amount, unit=self.unit, confirmed_by="", confirmed_on=None
        )


class Adding(BaseModel):
    """A rule of the office's own, which it confirms thereby."""

    model_config = ConfigDict(extra="forbid")

    id: Typed
    topic: Topic = "other"
    title: Typed
    amount: Annotated[int, Field(ge=1, le=1000)]
    unit: Unit = "working-day"
    direction: Direction = "after"
    starts: Typed
    law: Typed
    clause: Typed
    pausable: bool = False
    basis: Basis

    def rule(self, known: Mapping[str, Held], who: str, on: date) -> Rule:
        """The rule.

        Raises:
            NotAccepted: a field does not hold.
        """
        _checked(self.basis)
        if not _ID.fullmatch(self.id):
            remedy = "write small letters, digits, dots and hyphens"
            raise NotAccepted(Fault("id", "is no id", remedy), "id")
        if self.id in known:
            raise NotAccepted(Fault("id", "is taken", "give another one"), "taken")
        for name in ("title", "starts", "law", "clause"):
            if not getattr(self, name).strip():
                raise NotAccepted(Fault(name, "is empty", "write it"), "empty")
        if self.unit == "calendar" or (self.direction == "before" and self.unit == "hour"):
            raise NotAccepted(Fault("unit", "does not fit", "choose days or months"), "unit")
        return Rule(
            id=self.id,
            topic=self.topic,
            title_zh=self.title.strip(),
            title_en=self.title.strip(),
            amount=self.amount,
            unit=self.unit,
            direction=self.direction,
            starts_zh=self.starts.strip(),
            starts_en=self.starts.strip(),
            clause_zh=self.clause.strip(),
            law_zh=self.law.strip(),
            pausable=self.pausable and self.direction == "after" and self.unit != "hour",
            source=self.basis.strip(),
            mark="memory",
            confirmed_by=who,
            confirmed_on=on,
        )


class Written(BaseModel):
    """The form of such a rule as it was filled in."""

    id: Typed = ""
    topic: Typed = "other"
    title: Typed = ""
    amount: Typed = ""
    unit: Typed = "working-day"
    direction: Typed = "after"
    starts: Typed = ""
    law: Typed = ""
    clause: Typed = ""
    pausable: bool = False
    basis: Basis = ""


def standing_of(rule: Rule) -> Standing:
    """Whether it was read as binding, the office stands for it, nobody does, or it is another
    region's.
    """
    if rule.confirmed_by:
        return "confirmed"
    if rule.verified:
        return "verified"
    return "proposal" if rule.region else "unconfirmed"


def changeable(rule: Rule) -> bool:
    """Whether the office may give another amount: not where the text of the law was read, nor of
    dates of the calendar.
    """
    return rule.mark != "read" and rule.unit != "calendar"


def units_for(unit: Unit) -> tuple[Unit, ...]:
    """Units that may stand in the stead of one."""
    return SHIFTABLE["hour" if unit == "hour" else "day"]


def _checked(basis: str) -> None:
    if not 0 < len(basis.strip()) <= LONGEST_WHY:
        raise NotAccepted(Fault("basis", "is missing or long", "write why"), "basis")
