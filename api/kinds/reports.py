"""Kinds of papers that platforms hand out; api/reports makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.services import Services

P = TypeVar("P", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind(Generic[P]):
    """Declares a paper.

    ``parameters`` is the shape of what is chosen for one, ``freeze`` gives the figures that the
    account may see, as JSON that explains itself (numbers with their units, names beside ids) and
    is kept: Word, Excel and PDF of one snapshot say the same. ``template`` is the Word file that
    comes with the product, which an office may exchange.
    """

    name: str
    words: str
    permission: Permission
    parameters: type[P]
    freeze: Callable[[Services, Account, P], Mapping[str, Any]]
    template: Path
