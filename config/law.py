"""Rules of terms as dated data: how long somebody has, from when, by which clause, how sure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

import config
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

SHIPPED = Path(config.__file__).parent / "data" / "law"
Unit = Literal["day", "working-day", "half-month", "month", "year", "hour", "calendar"]
Direction = Literal["after", "before"]
Period = Literal["day", "ten-days", "month", "quarter", "half-year", "year"]
Topic = Literal[
    "suggestions", "committee", "reports", "budget", "audit", "assets", "filing", "hearings",
    "petitions", "trials", "environment", "other",
]  # fmt: skip
Mark = Literal["read", "read-opening", "secondary", "comparator", "memory"]
CODES: Mapping[Mark, str] = {
    "read": "R",
    "read-opening": "R-open",
    "secondary": "S",
    "comparator": "C",
    "memory": "M",
}
"""Marks in short."""
UNITS_ZH: Mapping[Unit, str] = {
    "day": "日",
    "working-day": "工作日",
    "half-month": "半月",
    "month": "月",
    "year": "年",
    "hour": "小时",
    "calendar": "历期",
}
"""Units as the laws write them; a calendar term has dates instead of an amount."""
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LEAP = 2024

Text = Annotated[str, Meta(min_length=1)]
Amount = Annotated[int, Meta(ge=0, le=1000)]


class Extension(Struct, frozen=True, forbid_unknown_fields=True):
    """By how much a term may be made longer, or ``to`` how much from its start in all."""

    amount: Annotated[int, Meta(ge=1, le=1000)]
    unit: Unit
    consent_zh: Text
    """The consent that it needs, or the cases."""
    consent_en: Text
    to: bool = False


class Term(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long: an amount of a unit from an act or back from a day, or dates of the calendar.

    A calendar term comes again each ``period``: in a year it is open from ``opens`` until
    ``until`` ("06-01" and "09-30"), in a shorter period from its first day until its last.
    """

    amount: Amount = 0
    unit: Unit
    direction: Direction = "after"
    period: Period = "year"
    opens: str = "01-01"
    until: str = "12-31"
    moves: bool = True
    """Whether an end on a day off moves to the next working day; ends that run forward alone do,
    and not the end of a financial year.
    """


class Rule(Term, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A term that a clause gives."""

    id: Text
    topic: Topic
    title_zh: Text
    title_en: Text
    starts_zh: Text
    """The act or the day from which it is counted, or back from which."""
    starts_en: Text
    clause_zh: Text
    law_zh: Text
    law_version_date: date | None = None
    """Of the version that was read."""
    valid_from: date | None = None
    valid_to: date | None = None
    source: Text
    mark: Mark
    region: str = ""
    """The province, city or body whose rule it is; empty where it binds everywhere."""
    note: str = ""
    extensions: tuple[Extension, ...] = ()
    pausable: bool = False
    confirmed_by: str = ""
    """The office that stands for it in this district."""
    confirmed_on: date | None = None

    @property
    def verified(self) -> bool:
        """Whether its text was read as binding, or the district stands for it."""
        return self.mark == "read" or bool(self.confirmed_by)

    @property
    def proposal(self) -> bool:
        """Whether it is another region's, for a district to take over or not."""
        return bool(self.region) and not self.confirmed_by

    @property
    def code(self) -> str:
        """The mark in short."""
        return CODES[self.mark]

    @property
    def unit_zh(self) -> str:
        """The unit as the laws write it."""
        return UNITS_ZH[self.unit]

    def in_force(self, on: date) -> bool:
        """Whether it is in force on a day, as far as that is known."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Law:
    """Every rule by its id."""

    rules: Mapping[str, Rule]

    def rule(self, rule_id: str) -> Rule:
        """The rule of an id.

        Raises:
            FaultyInput: there is none; the remedy names ids that are like it.
        """
        found = self.rules.get(rule_id)
        if found is None:
            raise FaultyInput([Fault("rule", f"unknown {rule_id!r}", self._near(rule_id))])
        return found

    def _near(self, rule_id: str) -> str:
        asked = unicodedata.normalize("NFKC", rule_id).strip().lower()
        near = difflib.get_close_matches(asked, self.rules, n=3)
        near += [one for one in self.rules if one.startswith(f"{asked}.") and one not in near]
        listed = "see qingyuan deadline --list"
        return f"use {', '.join(near[:5])}, or {listed}" if near else listed


def load(*folders: Path) -> Law:
    """The files ``*.toml`` of the product and of other folders, where a later one wins by id.

    Raises:
        FaultyInput: with every fault of the files at once.
    """
    faults: list[Fault] = []
    rules: dict[str, Rule] = {}
    for folder in (SHIPPED, *folders):
        own: dict[str, Rule] = {}
        for path in sorted(folder.glob("*.toml")):
            for where, rule in _read(path, faults):
                if rule.id in own:
                    faults.append(Fault(where, "its id stands in two rows", "keep one of them"))
                own[rule.id] = rule
        rules |= own
    if faults:
        raise FaultyInput(faults)
    return Law(rules)


def _read(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Rule]]:
    """The rows of a file that hold, each with its name; faults are added to the list."""
    try:
        values = read_toml(path, "name an existing file")
    except FaultyInput as error:
        faults += error.faults
        return
    for where, row in _rows(path, values, faults):
        try:
            rule = msgspec.convert(row, Rule)
        except msgspec.ValidationError as error:
            what, _, key = str(error).partition(" - at ")
            name = f"{where}{key.strip('`').removeprefix('$')}"
            faults.append(Fault(name, what, "write the row as docs/deadlines-law.md shows"))
            continue
        found = list(_faults(where, rule))
        faults += found
        if not found:
            yield where, rule


def _rows(
    path: Path, values: Mapping[str, Any], faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each ``[[act.rule]]`` with what its ``[[act]]`` says for all of them."""
    acts = values.get("act")
    if values.keys() != {"act"} or not isinstance(acts, list):
        faults.append(Fault(f"{path.name}: file", "is no list of acts", "write [[act]]"))
        return
    for number, act in enumerate(acts, start=1):
        rows = act.get("rule") if isinstance(act, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            where = f"{path.name}: act[{number}]"
            faults.append(Fault(where, "has no list of rules", "write [[act.rule]] below it"))
            continue
        shared = {key: value for key, value in act.items() if key != "rule"}
        for index, row in enumerate(rows, start=1):
            yield f"{path.name}: {row.get('id') or f'act[{number}].rule[{index}]'}", shared | row


def _faults(where: str, rule: Rule) -> Iterator[Fault]:
    if not _ID.fullmatch(rule.id):
        yield Fault(f"{where}.id", "is no id", "write small letters, digits, dots and hyphens")
    if rule.unit == "calendar":
        yield from _faults_of_dates(where, rule)
    elif rule.amount == 0 and rule.unit != "day":
        yield Fault(f"{where}.amount", "is nothing", "write it, or 0 of the unit day: that day")
    elif (rule.period, rule.opens, rule.until) != ("year", "01-01", "12-31"):
        yield Fault(f"{where}.period", "stands beside a unit", 'use unit = "calendar"')
    if rule.direction == "before" and rule.unit in ("hour", "calendar"):
        yield Fault(f"{where}.direction", f"no {rule.unit} runs backwards", 'write "after"')
    if rule.extensions and (rule.direction == "before" or rule.unit == "calendar"):
        yield Fault(f"{where}.extensions", "its day is fixed", "take them out")
    for one in rule.extensions:
        if one.unit == "calendar" or (one.unit == "hour") != (rule.unit == "hour"):
            yield Fault(f"{where}.extensions", f"{one.unit} fits no {rule.unit}", "mend the unit")
    yield from _faults_of_validity(where, rule)


def _faults_of_validity(where: str, rule: Rule) -> Iterator[Fault]:
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        yield Fault(f"{where}.valid_to", "lies before valid_from", "exchange the two")
    if bool(rule.confirmed_by) != bool(rule.confirmed_on):
        yield Fault(f"{where}.confirmed_by", "needs confirmed_on, and that it", "write both")


def _faults_of_dates(where: str, rule: Rule) -> Iterator[Fault]:
    if rule.amount:
        yield Fault(f"{where}.amount", "stands beside calendar dates", "take it out")
    for key, text in (("opens", rule.opens), ("until", rule.until)):
        if not _is_month_day(text):
            yield Fault(f"{where}.{key}", f"{text!r} is no day of a year", "write it as 09-30")
    if rule.period != "year" and (rule.opens, rule.until) != ("01-01", "12-31"):
        yield Fault(f"{where}.period", "a year alone opens and closes", 'write "year"')
    elif rule.until < rule.opens:
        yield Fault(f"{where}.until", "lies before opens", "exchange the two")


def _is_month_day(text: str) -> bool:
    """Whether every year has the day; the last of February is none."""
    if not _MONTH_DAY.fullmatch(text) or text == "02-29":
        return False
    try:
        date.fromisoformat(f"{_LEAP}-{text}")
    except ValueError:
        return False
    return True
