"""The deadlines of a site, as its pages and its jobs reach them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from api.deadlines.repository import Deadlines
from api.services import Services
from api.shape import CoreServices
from config import law
from config.law import Law

_FOLDER = "law"


Given = Services | CoreServices


def deadlines_of(given: Given) -> Deadlines:
    """The deadlines of a site.

    Raises:
        FaultyInput: with every fault of the district's rules.
    """
    return Deadlines(given.state, rules_of(given.district), given.working_days)


@cache
def rules_of(district: Path) -> Law:
    """The rules of the files: the product's, and over them the district's."""
    return law.load(district / _FOLDER)
