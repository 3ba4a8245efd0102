"""Totals are made when a load came into force or was withdrawn: in slices, others in between."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from api.imports.loading.slices import Slices
from api.platforms.budget.totals import repository
from ingest.state.database import State

Key = tuple[str, ...]
TOTAL_NAMES = ("month", "unit", "project", "project_name", "function", "economic", "fund")
PAYEE_NAMES = ("month", "unit", "payee")


class Ended(Exception):
    """Somebody else makes the totals."""


@dataclass(slots=True)
class Tally:
    """Sums of the rows of a load: amount in fen, and number."""

    totals: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    payees: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    phrases: set[tuple[str, str]] = field(default_factory=set)

    def add(self, row: Sequence[Any]) -> None:
        """Count a payment, by the columns that the repository reads."""
        _, paid, unit, code, project, function, economic, fund, payee, use, amount = row
        month, payee = paid[:7], payee or ""
        named = (code or project or "", project or "", function or "", economic or "", fund or "")
        for sums in self.totals[month, unit, *named], self.payees[month, unit, payee]:
            sums[0] += amount
            sums[1] += 1
        self.phrases.add(("payee", payee))
        self.phrases.add(("use", use or ""))

    def rows(self, generation: int) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
        """Of each table all that is written."""
        yield "total", _rows(generation, TOTAL_NAMES, self.totals)
        yield "payee", _rows(generation, PAYEE_NAMES, self.payees)
        texts = sorted(of for of in self.phrases if of[1])
        yield (
            "phrase",
            ({"generation": generation, "field": of, "text": text} for of, text in texts),
        )


def _rows(
    generation: int, names: tuple[str, ...], sums: Mapping[Key, list[int]]
) -> Iterator[Mapping[str, Any]]:
    for key, (amount, payments) in sums.items():
        values: dict[str, Any] = dict(zip(names, key, strict=True))
        yield values | {"generation": generation, "amount": amount, "payments": payments}


@dataclass(frozen=True, slots=True)
class Making:
    """One who makes totals, under a claim."""

    state: State
    claim: int
    slices: Slices = field(default_factory=Slices)

    def loads(self) -> None:
        """Make the totals of all loads that changed, or that share keys with one that did, until
        nothing changed meanwhile.

        Raises:
            Ended
        """
        while True:
            with self.state.read() as connection:
                in_force = repository.loads_in_force(connection)
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
        tally = Tally()
        for row in repository.standing_rows(self.state, load, alone=alone):
            tally.add(row)
        with self.state.begin() as connection:
            number = repository.generation(connection, load)
        for kept, rows in tally.rows(number):
            for some in self.slices.of(rows):
                begun_s = time.monotonic()
                with self.state.begin() as connection:
                    self._beat(connection)
                    repository.put(connection, kept, some)
                self.slices.held(begun_s)
        with self.state.begin() as connection:
            self._beat(connection)
            repository.bring_into_force(connection, load, number)

    def _tidy(self) -> None:
        with self.state.read() as connection:
            numbers = repository.leftovers(connection)
        for number in numbers:
            for kept in repository.KEPT:
                while self._removed(kept, number):
                    pass
            with self.state.begin() as connection:
                repository.forget(connection, number)

    def _removed(self, kept: str, number: int) -> int:
        begun_s = time.monotonic()
        with self.state.begin() as connection:
            self._beat(connection)
            gone = repository.remove_some(connection, kept, number, self.slices.size)
        self.slices.held(begun_s)
        return gone

    def _beat(self, connection: Connection) -> None:
        if not repository.beat(connection, self.claim, _now_ms()):
            raise Ended


def follow(state: State) -> None:
    """Make what is not there yet. Where somebody else is at it, that one goes on until nothing is
    left to do.
    """
    with state.read() as connection:
        if repository.loads_in_force(connection) == repository.made_for(connection):
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
    """Whether the totals are those of the loads in force."""
    with state.read() as connection:
        return repository.loads_in_force(connection) == repository.made_for(connection)


def _now_ms() -> int:
    return int(time.time() * 1000)
