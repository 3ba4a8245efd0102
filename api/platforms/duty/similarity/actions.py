"""Look for earlier suggestions of the same matter, and for the units that handled such ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.duty.similarity import repository
from api.platforms.duty.similarity.records import Corpus, Counted, Proposal, counted
from api.services import Services
from config.vocabulary.time import day_of
from ingest.state.database import State

MOST = 5
_LOOKED_AT = 40
"""Matches of which those are kept that the reader may see."""
_SLICE = 500


@dataclass(frozen=True, slots=True)
class Earlier:
    """A suggestion of the same matter, with what became of it."""

    id: int
    title: str
    number: str
    day: str
    state: str
    result: str
    reply: str
    promises: Sequence[str]
    """The states of what was promised."""
    closeness: float
    shared: Sequence[str]


class Compared:
    """A process's suggestions as they are compared: what was cut stays cut."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: dict[int, tuple[int, Counted]] = {}
        self._corpus = Corpus(())

    def corpus(self, state: State) -> Corpus:
        """All suggestions as they are now."""
        with self._lock:
            with state.read() as connection:
                versions = repository.versions(connection)
            known = {of: version for of, (version, _) in self._counted.items()}
            if known != versions:
                self._follow(state, versions, known)
            return self._corpus

    def _follow(self, state: State, versions: Mapping[int, int], known: Mapping[int, int]) -> None:
        changed = [of for of, version in versions.items() if known.get(of) != version]
        kept = {of: one for of, one in self._counted.items() if of in versions}
        for at in range(0, len(changed), _SLICE):
            with state.read() as connection:
                rows = repository.written(connection, changed[at : at + _SLICE])
            kept |= {row.id: (versions[row.id], counted(row)) for row in rows}
        self._counted = kept
        self._corpus = Corpus(one for _, one in kept.values())


def similar(
    services: Services, compared: Compared, account: Account, title: str, body: str, but: int = 0
) -> list[Earlier]:
    """Earlier suggestions of the same matter that an account may see, the closest first. ``but``
    is the id of the one that is being written.
    """
    matches = compared.corpus(services.state).similar(title, body, _LOOKED_AT)
    ids = [of.id for of in matches if of.id != but]
    with services.state.read() as connection:
        rows = repository.seen(connection, account, ids)
        replies = repository.replies(connection, list(rows))
        promises = repository.promises(connection, list(rows))
    return [
        Earlier(
            of.id,
            rows[of.id]["title"],
            rows[of.id]["number"] or "",
            str(rows[of.id]["submitted_day"] or ""),
            rows[of.id]["state"],
            rows[of.id]["result"] or "",
            replies.get(of.id, ""),
            promises.get(of.id, ()),
            of.closeness,
            of.shared,
        )
        for of in matches
        if of.id in rows
    ][:MOST]


def proposals(
    services: Services, compared: Compared, title: str, body: str
) -> tuple[Proposal, ...]:
    """The units that handled such suggestions, the most likely first: each a proposal with its
    evidence, never an assignment.
    """
    today = day_of(services.now_ms())
    known = [of.id for of in Units(services.state).all() if of.span.holds(today)]
    return compared.corpus(services.state).units(title, body, known, MOST)


def parts(
    services: Services, compared: Compared, account: Account, row: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Parts of the page of a suggestion: earlier ones, and for whoever assigns, units."""
    given = (services, compared)
    found: dict[str, Any] = {
        "earlier": similar(*given, account, row["title"], row["body"], row["id"])
    }
    if row["state"] in ("accepted", "returning", "disputed"):
        found["proposals"] = proposals(*given, row["title"], row["body"])
    return found
