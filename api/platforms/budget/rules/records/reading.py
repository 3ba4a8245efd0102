"""A rule as its form shows it, and read back: every fault at once, by its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import msgspec

from api.platforms.budget.rules.records.parts import (
    EXCLUSIONS,
    FEN,
    ON,
    PARAMETERS,
    ROWS,
    Field,
    Group,
    Part,
    Typed,
    complete,
    is_empty,
    leaves,
    parts,
)
from api.web.forms import NotAccepted
from budget.detection.documents import checked
from budget.detection.records import RuleDocument
from config.vocabulary.errors import Fault, FaultyInput

LONGEST_TEXT, MOST_LINES, HIGHEST = 200, 500, Decimal(10**15)
YES = "yes"
WrongKey = Literal[
    "number", "whole", "least", "most", "between", "missing", "long", "choice", "unfit"
]
_WHERE = re.compile(r"at `\$\.([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that does not hold: why, and the limits that it leaves, as they are shown."""

    field: Field
    key: WrongKey
    least: str = ""
    most: str = ""


class Unfit(FaultyInput):
    """A rule that does not hold, with every value that is wrong."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__([_fault(of) for of in wrongs])


def written(rule: RuleDocument) -> Typed:
    """The form of a rule as it is sent when nobody changes anything."""
    exclusions: list[dict[str, Any]] = msgspec.to_builtins(rule.exclusions)
    values = {ON: rule.on, PARAMETERS: complete(rule), EXCLUSIONS: exclusions}
    found = {
        field.path: _texts(field, _at(values, field.path))
        for field in leaves(parts(rule, {}))
        if _at(values, field.path) is not None
    }
    return found | dict(_counts(values))


def read(rule: RuleDocument, typed: Typed) -> RuleDocument:
    """The rule that a form gives, made of the one that it showed.

    Raises:
        Unfit: values do not hold; every one is named.
    """
    wrongs: list[Wrong] = []
    found: dict[str, Any] = {}
    for part in parts(rule, typed):
        _put(found, part.path, _value(part, typed, wrongs))
    if wrongs:
        raise Unfit(wrongs)
    draft = msgspec.convert(
        msgspec.to_builtins(rule)
        | {ON: found[ON], PARAMETERS: found[PARAMETERS], EXCLUSIONS: found[EXCLUSIONS]},
        RuleDocument,
    )
    try:
        checked(draft)
    except msgspec.ValidationError as error:
        raise Unfit([_unfit(rule, typed, str(error))]) from error
    return draft


def wished(
    rule: RuleDocument,
    parameters: Mapping[str, Any],
    exclusions: Sequence[Mapping[str, Any]] | None,
    *,
    on: bool | None,
) -> RuleDocument:
    """The rule with other values, as a document has them; what is left out stays.

    Raises:
        NotAccepted: something is none of its fields, or of another type.
        Unfit: values do not hold.
    """
    document = msgspec.to_builtins(rule) | {PARAMETERS: {**rule.parameters, **parameters}}
    document |= {} if exclusions is None else {EXCLUSIONS: list(exclusions)}
    document |= {} if on is None else {ON: on}
    within = ""
    try:
        draft = msgspec.convert(document, RuleDocument)
        within = f"{PARAMETERS}."
        checked(draft)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        path = within + where.rstrip("`") if where else PARAMETERS
        remedy = "give it as the rule has it"
        raise NotAccepted(Fault(path, what, remedy), "shape", path=path) from error
    return read(draft, written(draft))


def same(one: RuleDocument, other: RuleDocument) -> bool:
    """Whether two versions ask the same."""
    return all(
        getattr(one, name) == getattr(other, name) for name in (ON, EXCLUSIONS)
    ) and complete(one) == complete(other)


def shown_figure(field: Field, value: float) -> str:
    """A figure as the form shows it: without an exponent, and without zeros that say nothing."""
    exact = Decimal(str(value)) / field.scale
    return f"{exact.normalize():f}" if exact else "0"


def _texts(field: Field, value: Any) -> tuple[str, ...]:
    match field.control:
        case "figure":
            return (shown_figure(field, value),)
        case "yes":
            return (YES,) if value else ()
        case "words":
            return ("\n".join(value),)
        case "several":
            return tuple(value)
    return (str(value),)


def _counts(values: Any, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """How many rows each list of things has."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield from _counts(value, f"{path}.{name}" if path else str(name))
    elif isinstance(values, list | tuple) and all(isinstance(of, Mapping) for of in values):
        yield f"{path}.{ROWS}", (str(len(values)),)


def _at(values: Any, path: str) -> Any:
    """The value at a path; None beyond the end of a list."""
    for step in path.split("."):
        if isinstance(values, list | tuple):
            values = values[int(step)] if int(step) < len(values) else None
        elif values is not None:
            values = values.get(step)
    return values


def _put(found: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for step in way:
        found = found.setdefault(step, {})
    found[last] = value


def _value(part: Part, typed: Typed, wrongs: list[Wrong]) -> Any:
    if isinstance(part, Field):
        return _read(part, typed, wrongs)
    if part.parts and isinstance(part.parts[0], Group) and part.parts[0].row:
        rows = (of for of in part.parts if isinstance(of, Group) and not _left_out(of, typed))
        return [_value(row, typed, wrongs) for row in rows]
    return {of.key or of.name: _value(of, typed, wrongs) for of in part.parts}


def _left_out(row: Group, typed: Typed) -> bool:
    """Whether a row was ticked to go, or nothing stands in it."""
    return bool(typed.get(f"{row.path}.remove")) or is_empty(row, typed)


def _read(field: Field, typed: Typed, wrongs: list[Wrong]) -> Any:
    sent = typed.get(field.path, ())
    match field.control:
        case "yes":
            return bool(sent)
        case "several":
            return [of for of in field.options if of in sent]
        case "words":
            return _lines(field, "".join(sent), wrongs)
        case "figure":
            return _figure(field, "".join(sent), wrongs)
    text = "".join(sent[:1]).strip()
    if not text:
        wrongs.append(Wrong(field, "missing"))
    elif len(text) > LONGEST_TEXT or "\0" in text:
        wrongs.append(Wrong(field, "long", most=str(LONGEST_TEXT)))
    elif field.control == "choice" and text not in field.options:
        wrongs.append(Wrong(field, "choice"))
    return text


def _lines(field: Field, text: str, wrongs: list[Wrong]) -> list[str]:
    """The words, one a line, each once."""
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    too_long = any(len(of) > LONGEST_TEXT for of in found)
    if too_long or len(found) > MOST_LINES or "\0" in text:
        wrongs.append(Wrong(field, "long", most=str(LONGEST_TEXT)))
    return found


def _figure(field: Field, text: str, wrongs: list[Wrong]) -> float | int:
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", "")) * field.scale
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > HIGHEST:
        wrongs.append(Wrong(field, "number"))
        return 0
    if field.whole and value % 1:
        wrongs.append(Wrong(field, "number" if field.scale == FEN else "whole"))
        return 0
    too_low = field.least is not None and value < Decimal(str(field.least))
    if too_low or (field.most is not None and value > Decimal(str(field.most))):
        wrongs.append(_beyond(field))
    return int(value) if field.whole else float(value)


def _unfit(rule: RuleDocument, typed: Typed, error: str) -> Wrong:
    """The field that the kind itself does not take; of its parameters together the first."""
    named = _WHERE.search(error)
    fields = [of for of in leaves(parts(rule, typed)) if of.path.startswith(f"{PARAMETERS}.")]
    meant = [of for of in fields if named and of.path == f"{PARAMETERS}.{named[1]}"]
    return Wrong((meant or fields)[0], "unfit")


def _beyond(field: Field) -> Wrong:
    least, most = (
        "" if limit is None else shown_figure(field, limit) for limit in (field.least, field.most)
    )
    return Wrong(field, "between" if least and most else "least" if least else "most", least, most)


def _fault(of: Wrong) -> Fault:
    remedies: Mapping[WrongKey, str] = {
        "number": "give a number",
        "whole": "give a whole number",
        "least": f"give {of.least} or more",
        "most": f"give {of.most} or less",
        "between": f"give {of.least} to {of.most}",
        "missing": "write something",
        "long": f"write {of.most} characters a line at most",
        "choice": f"take one of {', '.join(of.field.options)}",
        "unfit": "give another value",
    }
    return Fault(of.field.path, "does not hold", remedies[of.key])
