"""Strict loading of events.toml: the kinds of pollution of which several rules tell."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of pollution: alerts of any of its ``rules`` may be one event."""

    id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    rules: Annotated[tuple[str, ...], Meta(min_length=1)]
    together_hours: Annotated[int, Meta(ge=1, le=168)] | None = None
    """Alerts of the kind that begin within this are one event; None: as the settings say."""


def load(path: Path, rules: Collection[str]) -> tuple[Kind, ...]:
    """The kinds of a district; none where it has no such file. ``rules`` are the ids that there
    are.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    if not path.exists():
        return ()
    rows = read_toml(path, "name an existing events file").get("kind", [])
    try:
        kinds = msgspec.convert(rows, tuple[Kind, ...])
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        place = f"{path.name}: kind{where.strip('`').removeprefix('$')}"
        raise FaultyInput([Fault(place, what, "give each kind id, name and rules")]) from error
    faults, taken = [], set[str]()
    for at, kind in enumerate(kinds, start=1):
        for rule in kind.rules:
            where = f"{path.name}: kind[{at}].rules"
            if rule not in rules:
                faults.append(Fault(where, f"there is no rule {rule!r}", "name rules of the site"))
            elif rule in taken:
                faults.append(Fault(where, f"{rule!r} is of another kind", "name it once"))
            taken.add(rule)
    if faults:
        raise FaultyInput(faults)
    return kinds
