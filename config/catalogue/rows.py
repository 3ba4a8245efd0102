"""One row of TOML to its shape, naming every key that is wrong; knows nothing of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from config.vocabulary.errors import Fault

T = TypeVar("T")

_REMEDIES: dict[Any, str] = {
    str: "write a text of that form",
    int: "write a whole number in that range",
    float: "write a number in that range",
}


StandIns = Mapping[str, object]
"""Field -> what stands in for it where it is wrong or missing."""


def converted(
    row: object,
    shape: type[T],
    location: str,
    faults: list[Fault],
    stand_ins: StandIns,
    members: Mapping[type, StandIns] | None = None,
) -> T | None:
    """The row as its shape; otherwise every fault of it (lists count from 1), and the row with
    ``stand_ins`` for what is wrong or missing, so that the rest of it can still be checked.
    A wrong row of a list within is mended likewise if its shape stands in ``members``.
    """
    try:
        return msgspec.convert(row, shape)
    except msgspec.ValidationError as error:
        faults += _faults_of(row, shape, location, str(error))
    if not isinstance(row, Mapping):
        return None
    return shape(**_mended(row, shape, stand_ins, members or {}))


def _mended(
    row: Mapping[str, object], shape: Any, stand_ins: StandIns, members: Mapping[type, StandIns]
) -> dict[str, object]:
    types = get_type_hints(shape, include_extras=True)
    held = dict(stand_ins)
    for field in msgspec.structs.fields(shape):
        if field.encode_name not in row:
            continue
        value, wanted = row[field.encode_name], types[field.name]
        try:
            held[field.name] = msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            member = _member(wanted)
            if isinstance(value, list) and member in members:
                held[field.name] = _mended_list(value, member, members)
    return held


def _mended_list(
    given: list[object], member: type, members: Mapping[type, StandIns]
) -> list[object]:
    """Every row keeps its place, or faults of those behind it would be miscounted."""
    found = []
    for row in given:
        held = row if isinstance(row, Mapping) else {}
        found.append(member(**_mended(held, member, members[member], members)))
    return found


def _member(shape: Any) -> Any:
    inner = _plain(shape)
    return get_args(inner)[0] if get_origin(inner) is list else None


def _faults_of(row: object, shape: Any, location: str, what: str) -> list[Fault]:
    """``what`` is msgspec's word on the whole row: only the first fault, hence the descent."""
    inner = _plain(shape)
    if isinstance(row, Mapping) and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return _faults_of_keys(row, inner, location)
    if isinstance(row, list) and get_origin(inner) is list:
        (member,) = get_args(inner)
        found = []
        for index, value in enumerate(row, start=1):
            found += _faults_of_value(value, member, f"{location}[{index}]")
        if found:
            return found
    return [Fault(location, what.partition(" - at ")[0], _remedy(inner))]


def _faults_of_keys(
    row: Mapping[str, Any], shape: type[msgspec.Struct], location: str
) -> list[Fault]:
    types = get_type_hints(shape, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    found = [
        Fault(_at(location, key), "unknown key", f"use {', '.join(fields)}")
        for key in sorted(row.keys() - fields.keys())
    ]
    for key, field in fields.items():
        if key in row:
            found += _faults_of_value(row[key], types[field.name], _at(location, key))
        elif field.required:
            found.append(Fault(_at(location, key), "is missing", "add it"))
    return found


def _faults_of_value(value: object, shape: Any, location: str) -> list[Fault]:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        return _faults_of(value, shape, location, str(error))
    return []


def _plain(shape: Any) -> Any:
    """The type without what is annotated to it, and without None."""
    if get_origin(shape) is Annotated:
        return _plain(get_args(shape)[0])
    if get_origin(shape) in (Union, UnionType):
        return _plain(next(one for one in get_args(shape) if one is not type(None)))
    return shape


def _remedy(shape: Any) -> str:
    if get_origin(shape) is Literal:
        return f"use one of {', '.join(map(str, get_args(shape)))}"
    if get_origin(shape) is tuple:
        return "write the two numbers in that order, a point as [longitude, latitude]"
    return _REMEDIES.get(shape, "see config/catalogue/shapes.py")


def _at(location: str, key: str) -> str:
    """A key of a file follows a colon, a key of a row a dot."""
    return f"{location} {key}" if location.endswith(":") else f"{location}.{key}"
