"""The fields of a kind as a form asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from alerting.rules.durations import milliseconds

FieldType = Literal["span", "number", "choice", "several"]


@dataclass(frozen=True, slots=True)
class Field:
    """``path`` leads to it in the rule's document. ``type`` is span (value in ms), number, choice
    or several, the last two of ``options``, each with its words. ``group`` is the label of the
    key that it is a part of, and a hint.
    """

    path: str
    type: FieldType
    label: str
    value: Any
    hint: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    group: tuple[str, str] = ("", "")


class Fields:
    """Gathers the fields of one rule; one that its document does not have is left out."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.found: list[Field] = []

    def add(
        self,
        path: str,
        kind: FieldType,
        label: str,
        *,
        hint: str = "",
        unit: str = "",
        options: Mapping[str, str] | None = None,
        group: tuple[str, str] = ("", ""),
    ) -> None:
        """The field at a path."""
        value: Any = self._document
        for name in path.split("."):
            if value is not None:
                value = value[int(name)] if isinstance(value, list | tuple) else value.get(name)
        if value is None:
            return
        if kind == "span":
            value = milliseconds(value, path, [])
        shown = tuple((options or {}).items())
        self.found.append(Field(path, kind, label, value, hint, unit, shown, group))
