"""Kinds of affairs with their wordings, and what belongs to no kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from config.files import read_toml

DATA = Path(__file__).parent / "data"
REMEDY = "install Qingyuan anew"


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A suggestion that no matter of the congress is about."""

    title: str
    body: str


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an affair is about. Wordings have choices, see the file; those of hearings and advice
    are a title and a text, those of documents the end of a title and articles. ``site`` is another
    thing at a section of a river by which people call it.
    """

    id: str
    matters: tuple[str, ...]
    topic: str
    unit: str
    advice_topic: str
    trade: str
    law: str
    at: str
    wide: tuple[str, ...]
    project: tuple[str, ...]
    general: tuple[str, ...]
    purpose: tuple[str, ...]
    hearing: tuple[tuple[str, str], ...]
    advice: tuple[tuple[str, str], ...]
    document: tuple[tuple[str, ...], ...]
    suggestion: tuple[Letter, ...] = ()
    rules: tuple[str, ...] = ()
    site: str = ""
    payer: str = ""

    @property
    def pays(self) -> str:
        """The unit that pays."""
        return self.payer or self.unit


@cache
def kinds() -> Mapping[str, Kind]:
    """All of them by id, in the order of the file."""
    rows = read_toml(DATA / "kinds.toml", REMEDY)["kind"]
    return {of.id: of for of in msgspec.convert(rows, tuple[Kind, ...])}


@cache
def common() -> Mapping[str, Any]:
    """What belongs to no kind."""
    return read_toml(DATA / "common.toml", REMEDY)


@cache
def plain() -> Mapping[str, Any]:
    """What background is made of; ``near`` and ``subjects`` say by kind what it has none of where
    an affair of the kind is.
    """
    return read_toml(DATA / "background.toml", REMEDY)
