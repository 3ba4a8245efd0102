"""Look for earlier suggestions of the same matter, and for the units that handled such ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from api.accounts.records import Account, successors
from api.accounts.repositories.units import Units
from api.platforms.duty.similarity import repository
from api.platforms.duty.similarity.records import (
    Corpus,
    Counted,
    Match,
    Proposal,
    Written,
    counted,
    nothing,
)
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
        self._marks: Mapping[int, tuple[Any, ...]] = {}
        self._heirs: Mapping[str, str] = {}
        self._counted: dict[int, Counted] = {}
        self._corpus = nothing()

    def corpus(self, state: State, today: str) -> Corpus:
        """All suggestions as they are now; those of a former unit are its successor's today."""
        heirs = successors(Units(state).all(), today)
        with self._lock:
            with state.read() as connection:
                marks = repository.marks(connection)
            if (marks, heirs) != (self._marks, self._heirs):
                self._follow(state, marks)
                self._marks, self._heirs = marks, heirs
                self._corpus = Corpus(of.succeeded(heirs) for of in self._counted.values())
            return self._corpus

    def _follow(self, state: State, marks: Mapping[int, tuple[Any, ...]]) -> None:
        changed = [of for of, mark in marks.items() if self._marks.get(of) != mark]
        kept = {of: one for of, one in self._counted.items() if of in marks}
        for at in range(0, len(changed), _SLICE):
            with state.read() as connection:
                rows = repository.written(connection, changed[at : at + _SLICE])
            kept |= {row.id: counted(row) for row in rows}
        self._counted = {of: kept[of] for of in marks if of in kept}


def similar(
    services: Services, compared: Compared, account: Account, asked: Written, chosen: int = 0
) -> list[Earlier]:
    """Earlier suggestions of the same matter that an account may see, the closest first.

    Args:
        services: of the request.
        compared: of the process.
        account: whose they are to see.
        asked: the text; its id is that of the one being written, 0 where it has none.
        chosen: the one that was chosen of them before, 0: none. It stays among them, whatever
            the text is now.
    """
    corpus = compared.corpus(services.state, day_of(services.now_ms()))
    matches = corpus.similar(asked, _LOOKED_AT)
    ids = [of.id for of in matches if of.id != asked.id]
    with services.state.read() as connection:
        rows = repository.seen(connection, account, [*ids, chosen])
        found = [of for of in matches if of.id in rows][:MOST]
        if chosen in rows and all(of.id != chosen for of in found):
            found = [Match(chosen, 0.0, ()), *found[: MOST - 1]]
        replies = repository.replies(connection, [of.id for of in found])
        promises = repository.promises(connection, [of.id for of in found])
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
        for of in found
    ]


def proposals(services: Services, compared: Compared, asked: Written) -> tuple[Proposal, ...]:
    """The units that handled such suggestions, the most likely first: each a proposal with its
    evidence, never an assignment.
    """
    today = day_of(services.now_ms())
    every = Units(services.state).all()
    units = [of for of in every if of.span.holds(today)]
    town = successors(every, today).get(asked.town or "", asked.town)
    asked = replace(asked, town=town)
    if not town:
        text = f"{asked.title} {asked.body}"
        towns = (of.id for of in units if of.kind == "town" and of.name in text)
        asked = replace(asked, town=next(towns, None))
    known = {of.id for of in units}
    return compared.corpus(services.state, today).units(asked, known, MOST)


def asked_of(row: Mapping[str, Any]) -> Written:
    """A suggestion that is there, by its row."""
    return Written(row["id"], row["title"], row["body"], row["town"], row["topic"])


def unit_names(services: Services) -> Mapping[str, str]:
    """The names of all units, by id."""
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}
