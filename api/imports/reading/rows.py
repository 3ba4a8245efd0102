"""A row of values with its business key and digest. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from api.imports.records import ReadRow
from api.kinds.tables import TableKind

LONGEST_KEY = 64
_BEGINNING = 24
"""Characters of a long key that stay: keys that follow each other lie side by side on disk."""


def keyed(kind: TableKind, number: int, values: Sequence[Any]) -> ReadRow:
    """A row by its number in the file; ``values`` are in the order of the kind's fields."""
    key = [value for field, value in zip(kind.fields, values, strict=True) if field.key]
    if kind.keyed_by:
        key.insert(0, kind.keyed_by)
    digest = hashlib.sha256(msgspec.json.encode(values)).hexdigest()
    return ReadRow(number, _key(key), digest, tuple(values))


def _key(values: Sequence[Any]) -> str:
    """The values as JSON, which ends with a bracket; of a long one the beginning and the hash."""
    body = msgspec.json.encode(values)
    text = body.decode()
    if len(text) <= LONGEST_KEY:
        return text
    return text[:_BEGINNING] + hashlib.sha256(body).hexdigest()[: LONGEST_KEY - _BEGINNING]
