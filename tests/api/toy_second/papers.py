"""Papers of the second toy platform: they are in the index, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.records import Secrecy
from api.ports import Reference
from api.search.index import Entry, SearchIndex
from api.services import Services
from tests.api.toy_second.permission import PapersPermission


def reference(number: str) -> Reference:
    """A paper by its number."""
    return Reference("papers", "paper", number)


def write(
    services: Services,
    number: str,
    title: str,
    paragraphs: Sequence[str] = (),
    *,
    unit: str | None = None,
    secrecy: Secrecy = Secrecy.INTERNAL,
    at_ms: int = 1,
) -> None:
    """Write a paper, or write it anew."""
    entry = Entry(
        subject=reference(number),
        permission=PapersPermission.READ,
        words="papers.paper",
        title=title,
        path=f"/papers/{number}",
        paragraphs=paragraphs,
        unit=unit,
        secrecy=secrecy,
        at_ms=at_ms,
    )
    with services.state.begin() as connection:
        SearchIndex(services.state).put(connection, entry)
