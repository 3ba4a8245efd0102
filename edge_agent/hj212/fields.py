"""The fields of a packet's data: groups, and what in them cannot be read. Pure.

One odd field costs the others nothing: what is no field is named and left out, and the codes that
it names are marked as torn, for nobody knows what belonged to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from edge_agent.hj212.segments import Malformed, Packet

_PIECE = re.compile(r"([A-Za-z0-9_\s-]{1,60})=([^=]*)")
_SPACE = re.compile(r"\s")
_CODE = re.compile(r"([A-Za-z0-9]{2,10})[-_][A-Za-z]")
_FIGURES = re.compile(r"[\d.]+", re.ASCII)
_MOST_NAMED = 8
"""Oddities of one packet that are named."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names are in small letters: loggers write them in any."""

    groups: Sequence[Mapping[str, str]]
    values: Mapping[str, Sequence[str]]
    """Name -> the values that stand behind it; more than one where they differ."""
    torn: frozenset[str] = frozenset()
    """Codes named in what is no field, with the letters before them."""
    oddities: tuple[str, ...] = ()

    def one(self, name: str) -> str | None:
        """The value of a field; None where it does not stand there, or twice with two values."""
        found = self.values.get(name, ())
        return found[0] if len(found) == 1 else None

    def is_torn(self, code: str) -> bool:
        """Whether a code is named by something that is no field."""
        return any(one.endswith(code) for one in self.torn)

    @property
    def codes(self) -> list[str]:
        """The codes that there are fields of, as the packet names them."""
        heads = (name.rpartition("-")[0] for name in self.values if "-" in name)
        return list(dict.fromkeys(heads))


@lru_cache(maxsize=16)
def read(packet: Packet, *, strict: bool) -> Fields:
    """The fields of a packet.

    Raises:
        Malformed: strictly read, something in it is no field, or one stands twice.
    """
    try:
        groups = [
            {name.lower(): value for name, value in group.items()} for group in packet.groups()
        ]
    except Malformed:
        if strict:
            raise
        return _leniently(packet.cp)
    spaces = False
    if not strict and _SPACE.search(packet.cp):
        stripped = [{name: value.strip() for name, value in group.items()} for group in groups]
        groups, spaces = stripped, stripped != groups
    values = {name: (value,) for group in groups for name, value in group.items()}
    return Fields(groups, values, oddities=("spaces in the data",) * spaces)


@dataclass(slots=True)
class _Reading:
    """A packet's data as far as they are read."""

    groups: list[dict[str, str]] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)
    oddities: list[str] = field(default_factory=list)

    def piece(self, text: str, group: dict[str, str]) -> None:
        """One field of a group, or what stands for one."""
        found = _PIECE.fullmatch(text)
        if not found:
            self._no_field(text.strip(), group)
            return
        written, value = re.sub(r"\s", "", found[1]), found[2].strip()
        name = written.lower()
        if text != f"{written}={value}":
            self.oddities.append("spaces in the data")
        said = self.values.setdefault(name, [])
        if said:
            self.oddities.append(f"{name} stands twice")
        if value not in said:
            said.append(value)
        group[name] = value

    def _no_field(self, text: str, group: Mapping[str, str]) -> None:
        self.oddities.append(f"{text[:40]!r} is no field")
        self.torn |= {code.lower() for code in _CODE.findall(text)}
        # 1,234: figures behind a value may belong to it.
        before = list(group)[-1:] if _FIGURES.fullmatch(text) else []
        self.torn |= {code.lower() for code in _CODE.findall(" ".join(before))}


def _leniently(cp: str) -> Fields:
    found = _Reading()
    texts = cp.strip().removesuffix(";").split(";")
    for text in texts:
        if not text.strip():
            found.oddities.append("an empty group")
            continue
        group: dict[str, str] = {}
        for piece in text.split(","):
            if piece.strip():
                found.piece(piece, group)
            else:
                found.oddities.append("a comma too many")
        found.groups.append(group)
    named = tuple(dict.fromkeys(found.oddities))[:_MOST_NAMED]
    return Fields(found.groups, found.values, frozenset(found.torn), named)
