"""Parts of the form of a rule: a field for each value, a group for each thing of several. Pure.

Paths name values as they lie in the document: ``parameters.limits.0.yuan``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec
from msgspec import inspect

from budget.detection.documents import checked
from budget.detection.kinds import KINDS
from budget.detection.records import Column, Exclusion, RuleDocument

Control = Literal["figure", "text", "words", "several", "choice", "yes"]
Typed = Mapping[str, tuple[str, ...]]
"""A form as it was sent: what stood under each name."""
MARKS = ("unverified", "read", "read-opening", "secondary", "comparator", "memory")
"""How sure we are of a source; of what somebody adds nothing is known yet."""
COLUMNS = tuple(dict.fromkeys(("payee", "use", *get_args(Column))))
CHOICES: Mapping[str, tuple[str, ...]] = {"mark": MARKS, "column": COLUMNS}
"""Texts of which there are few, those first that are chosen most."""
ASIDE = "aside"
"""Some of the things beside it, by their keys."""
CENTS, YUAN = "_cents", "yuan"
FEN = 100
MOST_ROWS = 200
PARAMETERS, EXCLUSIONS, ON, ROWS = "parameters", "exclusions", "on", "rows"


@dataclass(frozen=True, slots=True)
class Field:
    """One value. ``name`` is that of the parameter, ``key`` the key of a mapping it stands under.
    A figure is shown divided by ``scale``; its limits are as it is kept.
    """

    path: str
    name: str
    control: Control
    key: str = ""
    whole: bool = False
    scale: int = 1
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Several values: a thing under the ``key`` of a mapping, a ``row`` of a list, or all of
    these together.
    """

    path: str
    name: str
    parts: tuple[Part, ...]
    key: str = ""
    row: bool = False


Part = Field | Group


def parts(rule: RuleDocument, typed: Typed) -> tuple[Part, ...]:
    """The form of a rule: its parameters, exclusions, and whether it is on. Lists have as many
    rows as were sent, or as the rule has, and an empty one.
    """
    shape = inspect.type_info(KINDS[rule.kind].parameters)
    assert isinstance(shape, inspect.StructType)
    exclusions = inspect.VarTupleType(inspect.type_info(Exclusion))
    return (
        Field(ON, ON, "yes"),
        *_fields(shape, complete(rule), PARAMETERS, typed),
        _part(exclusions, list(rule.exclusions), EXCLUSIONS, EXCLUSIONS, typed),
    )


def complete(rule: RuleDocument) -> dict[str, Any]:
    """Every parameter of a rule as plain values, also those that its document leaves out."""
    found: dict[str, Any] = msgspec.to_builtins(checked(rule))
    return found


def leaves(some: tuple[Part, ...]) -> Iterator[Field]:
    """Every field."""
    for part in some:
        if isinstance(part, Field):
            yield part
        else:
            yield from leaves(part.parts)


def is_empty(row: Group, typed: Typed) -> bool:
    """Whether nothing stands in a row; a choice always stands somewhere."""
    texts = (of for of in leaves(row.parts) if of.control in ("figure", "text", "words"))
    return not any("".join(typed.get(of.path, ())).strip() for of in texts)


def _fields(
    shape: inspect.StructType, values: Mapping[str, Any], path: str, typed: Typed
) -> Iterator[Part]:
    keys = [
        key
        for field in shape.fields
        if isinstance(field.type, inspect.DictType)
        for key in values.get(field.name, ())
    ]
    for field in shape.fields:
        at, value = f"{path}.{field.name}", values.get(field.name)
        if field.name == ASIDE and keys:
            yield Field(
                at, field.name, "several", options=tuple(dict.fromkeys([*(value or ()), *keys]))
            )
        else:
            yield _part(field.type, value, at, field.name, typed)


def _of_texts(of: inspect.Type) -> bool:
    return isinstance(of, inspect.VarTupleType) and isinstance(of.item_type, inspect.StrType)


def _part(of: inspect.Type, value: Any, path: str, name: str, typed: Typed, key: str = "") -> Part:
    match of:
        case inspect.VarTupleType(item_type=inspect.StructType() as shape):
            return Group(path, name, tuple(_rows(shape, value or (), path, name, typed)))
        case inspect.StructType():
            return Group(path, name, tuple(_fields(of, value or {}, path, typed)), key)
        case inspect.DictType():
            under = (
                _part(of.value_type, one, f"{path}.{each}", name, typed, each)
                for each, one in (value or {}).items()
            )
            return Group(path, name, tuple(under))
    return _field(of, path, name, key)


def _field(of: inspect.Type, path: str, name: str, key: str) -> Field:
    match of:
        case inspect.IntType() | inspect.FloatType():
            return _figure(of, path, name)
        case inspect.BoolType():
            return Field(path, name, "yes", key)
        case inspect.LiteralType() | inspect.StrType():
            of_type = of.values if isinstance(of, inspect.LiteralType) else ()
            options = CHOICES.get(name) or tuple(map(str, of_type))
            return Field(path, name, "choice" if options else "text", key, options=options)
    if not _of_texts(of):
        raise TypeError(f"{path}: a form has no field for {of}")
    return Field(path, name, "words", key)


def _rows(
    shape: inspect.StructType, value: Any, path: str, name: str, typed: Typed
) -> Iterator[Group]:
    sent = typed.get(f"{path}.{ROWS}", ("",))[0][:4]
    rows = int(sent) if sent.isascii() and sent.isdecimal() else len(value)
    found = [_row(shape, f"{path}.{at}", name, typed) for at in range(min(rows, MOST_ROWS))]
    while sent and found and is_empty(found[-1], typed):
        found.pop()
    yield from found
    yield _row(shape, f"{path}.{len(found)}", name, typed)


def _row(shape: inspect.StructType, path: str, name: str, typed: Typed) -> Group:
    return Group(path, name, tuple(_fields(shape, {}, path, typed)), row=True)


def _figure(of: inspect.IntType | inspect.FloatType, path: str, name: str) -> Field:
    """None of them is below 0, whether its kind says so or not."""
    least = of.ge if of.ge is not None else of.gt
    most = of.le if of.le is not None else of.lt
    return Field(
        path,
        name,
        "figure",
        whole=isinstance(of, inspect.IntType),
        scale=FEN if name.endswith(CENTS) else 1,
        least=0 if least is None else least,
        most=most,
    )
