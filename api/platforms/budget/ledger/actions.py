"""Columns of payments are made when a load came into force or was withdrawn: part by part, others
in between. Each process keeps those in force at hand.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.imports.loading.slices import Slices
from api.imports.standing import loads_in_force
from api.platforms.budget.ledger import repository
from budget.ledger import Ledger, joined
from ingest.state.database import State

KINDS = (repository.KIND,)


class Ended(Exception):
    """Somebody else makes the columns."""


class Ledgers:
    """The payments that stand, by the columns by which people ask; of a process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._numbers: tuple[int, ...] = ()
        self._ledger = joined([], repository.ASKED)

    def now(self, state: State) -> Ledger:
        """Those of the loads in force."""
        with self._turn, state.read() as connection:
            numbers = repository.in_force(connection)
            if numbers != self._numbers:
                self._ledger = repository.of_loads(connection, numbers, repository.ASKED)
                self._numbers = numbers
            return self._ledger


@dataclass(frozen=True, slots=True)
class Making:
    """One who makes columns, under a claim."""

    state: State
    claim: int

    def loads(self) -> None:
        """Make the columns of all loads that changed, or that share keys with one that did, until
        nothing changed meanwhile.

        Raises:
            Ended
        """
        while True:
            with self.state.read() as connection:
                in_force = loads_in_force(connection, KINDS)
                changed = set(in_force) ^ set(repository.made_for(connection))
                shared = repository.overlapping(connection, changed) if changed else set()
            if not changed:
                break
            for load in sorted((changed | shared) & set(in_force)):
                self._load(load, alone=not shared)
            with self.state.begin() as connection:
                for load in changed - set(in_force):
                    repository.bring_into_force(connection, load, 0)
                if not repository.note(connection, self.claim, in_force):
                    raise Ended
        self._tidy()
        with self.state.begin() as connection:
            repository.release(connection, self.claim)

    def _load(self, load: int, *, alone: bool) -> None:
        with self.state.begin() as connection:
            self._beat(connection)
            number = repository.generation(connection, load)
        slices = Slices()
        for name, body in repository.columns(self.state, load, alone=alone):
            for part, begin in enumerate(range(0, len(body), repository.A_PART)):
                with self.state.begin() as connection:
                    begun_s = time.monotonic()
                    self._beat(connection)
                    some = body[begin : begin + repository.A_PART]
                    repository.put(connection, number, name, part, some)
                slices.held(begun_s)
        with self.state.begin() as connection:
            self._beat(connection)
            repository.bring_into_force(connection, load, number)

    def _tidy(self) -> None:
        with self.state.read() as connection:
            numbers = repository.leftovers(connection)
        for number in numbers:
            more = True
            while more:
                with self.state.begin() as connection:
                    self._beat(connection)
                    more = repository.remove_one(connection, number)

    def _beat(self, connection: Connection) -> None:
        if not repository.beat(connection, self.claim, _now_ms()):
            raise Ended


def follow(state: State) -> None:
    """Make what is not there yet. Where somebody else is at it, that one goes on until nothing is
    left to do.
    """
    if up_to_date(state):
        return
    claim = repository.claim(state, _now_ms())
    if claim is None:
        return
    try:
        Making(state, claim).loads()
    except Ended:
        return


def hear(state: State, _load: int) -> None:
    """A load came into force, or was withdrawn."""
    follow(state)


def up_to_date(state: State) -> bool:
    """Whether the columns are those of the loads in force."""
    with state.read() as connection:
        return loads_in_force(connection, KINDS) == repository.made_for(connection)


def _now_ms() -> int:
    return int(time.time() * 1000)
