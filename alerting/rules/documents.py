"""Strict loading of a rules file: every fault at once, each with its place and a remedy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from alerting.rules.kinds import RuleText, limit_of, misplaced, signal_of
from alerting.rules.rule import Rule, Scope
from config.catalogue.shapes import Catalogue
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput


def load(path: Path, catalogue: Catalogue, *, elsewhere: bool = False) -> tuple[Rule, ...]:
    """Every rule of a file. ``elsewhere``: the catalogue stands for some place, which lies at
    whatever river and area a rule names; that a rule has no place there is then no fault.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    rows = _rows(path)
    faults: list[Fault] = []
    rules: dict[str, Rule] = {}
    for index, row in enumerate(rows, start=1):
        where = f"{path.name}: rule[{index}]"
        rule = read(row, where, faults)
        if rule is None:
            continue
        if elsewhere:
            rule = replace(rule, scope=Scope(kind=rule.scope.kind, id=rule.scope.id))
        if rule.id in rules:
            faults.append(Fault(f"{where}.id", f"{rule.id!r} stands twice", "give it its own id"))
        if not rule.targets(catalogue) and not elsewhere:
            what = "names no station that measures it"
            faults.append(Fault(f"{where}.stations", what, "widen the scope or drop the rule"))
        rules[rule.id] = rule
    if faults:
        raise FaultyInput(faults)
    return tuple(rules.values())


def document(path: Path) -> dict[str, Any]:
    """A rules file as it is written.

    Raises:
        FaultyInput: it cannot be read.
    """
    return read_toml(path, "name an existing rules file")


def _rows(path: Path) -> list[Any]:
    rows = document(path).get("rule", [])
    if not isinstance(rows, list):
        raise FaultyInput([Fault(f"{path.name}: rule", "is not a list", "write [[rule]]")])
    return rows


def read(row: Any, where: str, faults: list[Fault]) -> Rule | None:
    """One rule as it is written; None where it has faults, which are added."""
    before = len(faults)
    faults += _endless(row, where)
    if len(faults) > before:
        return None
    try:
        text = msgspec.convert(row, RuleText)
    except msgspec.ValidationError as error:
        what, _, target = str(error).partition(" - at ")
        at = where + target.strip("`").removeprefix("$")
        faults.append(Fault(at, what, "see the rule kinds in docs/rules.md"))
        return None
    faults += misplaced(text, where)
    if len(faults) > before:
        return None
    signal = signal_of(text, where, faults)
    limits = [
        limit_of(level, text, f"{where}.level[{index}]", faults)
        for index, level in enumerate(text.levels, start=1)
    ]
    if len(faults) > before:
        return None
    return Rule(
        id=text.id,
        version=text.version,
        name=text.name,
        kind=text.kind,
        about="maintenance" if text.kind in ("absence", "state") else "pollution",
        indicator=text.indicator or "",
        scope=text.stations,
        reason=text.reason,
        limits=tuple(limits),
        signal=signal,
    )


def _endless(value: Any, where: str) -> Iterator[Fault]:
    """Numbers that are none, which TOML can write."""
    if isinstance(value, float) and not math.isfinite(value):
        yield Fault(where, "is no finite number", "write one, e.g. 1.2")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _endless(each, f"{where}.{key}")
    elif isinstance(value, list):
        for target, each in enumerate(value, start=1):
            yield from _endless(each, f"{where}[{target}]")
