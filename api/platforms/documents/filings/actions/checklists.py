"""Checklists and committees: those of the product, or of the district where it has a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from api.accounts.repositories.units import Units
from api.platforms.documents.filings.records.checking import (
    DECISION,
    FAIR,
    WITHOUT,
    Checklist,
    PaperName,
)
from api.platforms.documents.filings.records.facts import Committee
from api.services import Services
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

T = TypeVar("T", bound=Struct)
_SHIPPED = Path(__file__).parent.parent / "data"
_OWN = Path("documents")
"""Below the folder of the district."""


class _Papers(Struct, frozen=True, forbid_unknown_fields=True):
    paper: tuple[PaperName, ...]
    kind: tuple[Checklist, ...]


class _Committee(Struct, frozen=True, forbid_unknown_fields=True):
    unit: str
    kinds: tuple[str, ...] = ()
    offered: bool = False
    """Whether it is only offered, and nobody's to begin with."""


class _Committees(Struct, frozen=True, forbid_unknown_fields=True):
    committee: tuple[_Committee, ...]


@dataclass(frozen=True, slots=True)
class Checklists:
    """Names of papers by code, in their order, and the checklist of each kind of document."""

    papers: Mapping[str, PaperName]
    kinds: Mapping[str, Checklist]

    def of(self, kind: str) -> Checklist:
        """The checklist of a kind of document."""
        return self.kinds.get(kind) or self.kinds["other"]

    def said(self, code: str, language: str) -> str:
        """The name of a paper; its code where a file has none for it."""
        paper = self.papers.get(code)
        return paper.said(language) if paper else code


@cache
def checklists(district: Path) -> Checklists:
    """The checklists that hold in a district.

    Raises:
        FaultyInput: a file cannot be read, or names a paper that it does not describe.
    """
    found, path = _read(district, "checklists.toml", _Papers)
    papers = {of.code: of for of in found.paper}
    kinds = {kind: of for of in found.kind for kind in of.kinds}
    codes = {*WITHOUT, DECISION, FAIR}
    codes |= {code for of in found.kind for code in (*of.papers, *of.offered)}
    if "other" not in kinds or not codes <= papers.keys():
        missing = sorted(codes - papers.keys()) or ["other"]
        fault = Fault(path.name, f"does not describe {missing}", "add them to the file")
        raise FaultyInput([fault])
    return Checklists(papers, kinds)


def committees(services: Services, kind: str) -> Sequence[Committee]:
    """Committees to which a document may be handed out, in their order; those of its kind are
    chosen to begin with.
    """
    found, _ = _read(services.district, "committees.toml", _Committees)
    names = {of.id: of.name for of in Units(services.state).all()}
    return [
        Committee(of.unit, names[of.unit], not of.offered and (not of.kinds or kind in of.kinds))
        for of in found.committee
        if of.unit in names
    ]


@cache
def _read(district: Path, name: str, shape: type[T]) -> tuple[T, Path]:
    own = district / _OWN / name
    path = own if own.exists() else _SHIPPED / name
    try:
        return msgspec.convert(read_toml(path, "write it like that of the product"), shape), path
    except msgspec.ValidationError as error:
        raise FaultyInput([Fault(path.name, str(error), "mend that field")]) from error
