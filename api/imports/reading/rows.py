"""A row of values with its business key and digest. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from api.imports.records import ReadRow
from api.kinds.tables import TableKind


def keyed(kind: TableKind, number: int, values: Sequence[Any]) -> ReadRow:
    """A row by its number in the file; ``values`` are in the order of the kind's fields."""
    key = [value for field, value in zip(kind.fields, values, strict=True) if field.key]
    return ReadRow(number, _digest(key), _digest(values), tuple(values))


def _digest(values: Sequence[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(values)).hexdigest()
