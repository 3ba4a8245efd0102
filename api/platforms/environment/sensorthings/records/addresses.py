"""Addresses of resources: Things('a')/Datastreams, with /name, /$value and /$ref behind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.platforms.environment.sensorthings.records.refusals import UnknownResource

MOST_STEPS = 10
_STEP = re.compile(r"([A-Za-z]+)(?:\('((?:[^']|'')*)'\))?(?:/|$)")
_ENDS = ("$value", "$ref")


@dataclass(frozen=True, slots=True)
class Address:
    """The steps of a path, each with the key where it has one, and how the path ends."""

    steps: list[tuple[str, str | None]]
    end: str


def parsed(text: str) -> Address:
    """The address of a resource.

    Raises:
        UnknownResource
    """
    path, _, last = text.rstrip("/").rpartition("/")
    end = last if last in _ENDS else ""
    rest = path if end else text.rstrip("/")
    steps: list[tuple[str, str | None]] = []
    while rest and len(steps) < MOST_STEPS:
        found = _STEP.match(rest)
        if found is None:
            break
        key = found[2]
        steps.append((found[1], None if key is None else key.replace("''", "'")))
        rest = rest[found.end() :]
    if rest or not steps:
        said = f"{text!r} cannot be read; write Things('id')/Datastreams, ids in single quotes"
        raise UnknownResource(said)
    return Address(steps, end)
