"""Strict loading of a rules file: every fault at once, each with its place and a remedy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace as replaced

from alerting.rules.kind import Kind
from alerting.rules.levels import limit_of
from alerting.rules.registry import KINDS
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.shapes import Catalogue
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS


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
            rule = replace(rule, scope=replaced(rule.scope, river=None, area=None))
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
    kind = _kind(row, where, faults)
    text = None if kind is None else _text(row, kind, where, faults)
    if kind is None or text is None:
        return None
    signal = kind.parse(text, where, faults)
    form, most = kind.form_of(text.stations, signal), kind.most(signal)
    limits = [
        limit_of(level, text.basis, form, kind.name, most, f"{where}.level[{index}]", faults)
        for index, level in enumerate(text.levels, start=1)
    ]
    if kind.by_silence:
        limits = [replace(limit, limit=None, clear_limit=None) for limit in limits]
    if len(faults) > before:
        return None
    return Rule(
        id=text.id,
        version=text.version,
        name=text.name,
        kind=kind.name,
        about=kind.about,
        indicator=getattr(text, "indicator", None) or "",
        scope=text.stations,
        reason=text.reason,
        limits=tuple(limits),
        signal=signal,
    )


def _kind(row: Any, where: str, faults: list[Fault]) -> Kind[Any, Any] | None:
    if not isinstance(row, dict):
        faults.append(Fault(where, "is no table", "write [[rule]]"))
        return None
    name = row.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        what = "is missing" if name is None else f"unknown kind {name!r}"
        faults.append(Fault(f"{where}.kind", what, f"use one of {', '.join(KINDS)}"))
        return None
    return KINDS[name]


def _text(
    row: dict[str, Any], kind: Kind[Any, Any], where: str, faults: list[Fault]
) -> RuleText | None:
    """A rule as its kind writes it; None where that has faults, which are added."""
    before = len(faults)
    row = {key: value for key, value in row.items() if value is not None}
    faults += _misplaced(row, kind, where)
    if len(faults) > before:
        return None
    try:
        return msgspec.convert(row, kind.text)
    except msgspec.ValidationError as error:
        what, _, target = str(error).partition(" - at ")
        at = where + target.strip("`").removeprefix("$")
        faults.append(Fault(at, what, "see the rule kinds in docs/rules.md"))
        return None


def _misplaced(row: dict[str, Any], kind: Kind[Any, Any], where: str) -> Iterator[Fault]:
    """Keys that the kind does not have, and those that it misses."""
    for key in sorted({key for other in KINDS.values() for key in other.keys}):
        if key in row and key not in kind.keys:
            what = f"does not belong to a rule of kind {kind.name}"
            yield Fault(f"{where}.{key}", what, "leave it out; see docs/rules.md")
        if key not in row and kind.keys.get(key):
            remedy = f"a {kind.name} needs it: docs/rules.md"
            yield Fault(f"{where}.{key}", "is missing", remedy)
    code = row.get("indicator")
    if isinstance(code, str) and code not in INDICATORS:
        what = f"unknown indicator {code!r}"
        yield Fault(f"{where}.indicator", what, "use an HJ 524/525 code, e.g. w21003")


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
