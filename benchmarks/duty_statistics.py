"""How fast the figures of many suggestions answer, on SQLite and on PostgreSQL.

    python -m benchmarks.duty_statistics [--suggestions N] [--state sqlite|postgresql] [--rounds N]

Writes N closed suggestions (100,000) of 40 units and ten years with their replies and ratings and
a promise each third, counts them in slices as the job does, and asks for the figures by unit, year
and topic and for a page of rows. Prints p50 and p95, the time of counting all, and the longest
transaction of it. Fails where a p95 is over 200 ms, on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

from api import tables as account_tables
from api.accounts.records import Account, Reach, Secrecy, Unit
from api.accounts.repositories.units import Units
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.statistics import repository
from api.platforms.duty.statistics import tables as counted_tables
from api.platforms.duty.statistics.records import Asked, AskedRows
from api.platforms.duty.suggestions.records import TOPICS
from api.platforms.duty.tables import ANSWER, MIGRATIONS, PROMISE, RATING, SUGGESTION
from api.procedures import tables as procedure_tables
from benchmarks.figures import report
from config.settings import Settings
from ingest.state.database import State, open_state
from tests.conftest import Postgres

MOST_MS = 200.0
UNITS, A_WRITE, A_SLICE = 40, 2000, 200
CLERK = Account(
    "clerk",
    "王芳",
    reaches=(Reach(frozenset({DutyPermission.SEE_STATISTICS}), "", Secrecy.RESTRICTED),),
)
QUESTIONS: Mapping[str, Asked] = {
    "by_unit": Asked(),
    "by_year": Asked(by="year"),
    "by_topic": Asked(by="topic"),
    "unit_of_year": Asked(year="2024", session="between"),
    "rows": AskedRows(measure="silent", year="2024"),
}


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suggestions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--state", choices=["sqlite", "postgresql"], nargs="+")
    given = parser.parse_args()
    figures: dict[str, float] = {}
    for kind in given.state or ("sqlite", "postgresql"):
        with _state(kind) as state:
            _fill(state, given.suggestions)
            for name, value in _measured(state, given.suggestions, given.rounds).items():
                figures[f"{kind}_{name}"] = value
    report(figures)
    over = [name for name, of in figures.items() if name.endswith("_p95_ms") and of > MOST_MS]
    print("over the limit:", over, file=sys.stderr)
    return int(bool(over))


@contextmanager
def _state(kind: str) -> Iterator[State]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        postgres = Postgres() if kind == "postgresql" else None
        if postgres:
            postgres.start()
        url = postgres.database() if postgres else ""
        state = open_state(Settings(data_dir=Path(folder), state_url=url))
        try:
            rooms = (account_tables, procedure_tables, counted_tables)
            state.migrate([*(of.MIGRATIONS for of in rooms), MIGRATIONS])
            yield state
        finally:
            state.close()
            if postgres:
                postgres.remove()


def _fill(state: State, count: int) -> None:
    drawn = random.Random(1)  # noqa: S311
    with state.begin() as connection:
        for at in range(UNITS):
            Units(state).add(connection, Unit(f"u{at}", f"u{at}", "department"))
    for first in range(1, count + 1, A_WRITE):
        some = range(first, min(first + A_WRITE, count + 1))
        rows = [_suggestion(drawn, at, count) for at in some]
        with state.begin() as connection:
            connection.execute(sa.insert(SUGGESTION), rows)
            connection.execute(sa.insert(ANSWER), [_reply(of) for of in rows])
            rated = [of["id"] for of in rows if drawn.random() < 0.9]
            connection.execute(sa.insert(RATING), [_rating(drawn, of) for of in rated])
            promised = [of for of in rows if of["id"] % 3 == 0]
            connection.execute(sa.insert(PROMISE), [_promise(drawn, of) for of in promised])
    if state.engine.dialect.name == "postgresql":
        with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")


def _suggestion(drawn: random.Random, at: int, count: int) -> dict[str, Any]:
    day = date(2017, 1, 1) + timedelta(days=at * 3600 // count)
    return {
        "id": at,
        "state": "closed",
        "version": 9,
        "draft_key": str(at),
        "author": "d1",
        "lead": "d1",
        "title": f"{at}",
        "body": "河道治理" * 100,
        "text_hash": f"{at:064x}",
        "topic": drawn.choice(TOPICS),
        "openness": "public",
        "session": drawn.choice(("session", "between")),
        "submitted_day": day,
        "assigned_day": day,
        "unit": f"u{drawn.randrange(UNITS)}",
        "returns": 0,
        "round": 1,
        "result": drawn.choice("ABCD"),
        "secrecy": Secrecy.INTERNAL,
    }


def _reply(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "suggestion": row["id"],
        "round": 1,
        "unit": row["unit"],
        "number": "",
        "signer": "",
        "result": row["result"],
        "text": "已研究办理。" * 50,
        "day": row["assigned_day"],
        "withdrawn": False,
    }


def _rating(drawn: random.Random, answer: int) -> dict[str, Any]:
    return {
        "answer": answer,
        "username": "d1",
        "attitude": "satisfied",
        "outcome": drawn.choice(("satisfied", "fairly", "dissatisfied")),
        "reason": "",
        "asked_by": "",
        "signed": "",
        "at_ms": 0,
    }


def _promise(drawn: random.Random, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "state": drawn.choice(("open", "reported", "kept", "broken")),
        "version": 1,
        "suggestion": row["id"],
        "answer": row["id"],
        "title": "",
        "unit": row["unit"],
        "lead": "d1",
        "measure": "",
        "due_day": row["assigned_day"],
        "secrecy": Secrecy.INTERNAL,
    }


def _measured(state: State, count: int, rounds: int) -> dict[str, float]:
    state.holds.longest_ms = 0.0
    begun_s = time.perf_counter()
    for first in range(1, count + 1, A_SLICE):
        with state.begin() as connection:
            repository.count(connection, range(first, min(first + A_SLICE, count + 1)))
    found = {
        "counting_s": time.perf_counter() - begun_s,
        "longest_transaction_ms": state.holds.longest_ms,
    }
    if state.engine.dialect.name == "postgresql":
        with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")
    for name, asked in QUESTIONS.items():
        found |= _timed(name, lambda asked=asked: _ask(state, asked), rounds)
    return found


def _ask(state: State, asked: Asked) -> None:
    with state.read() as connection:
        if isinstance(asked, AskedRows):
            repository.lines(connection, CLERK, asked, 51)
        else:
            repository.groups(connection, CLERK, asked)


def _timed(name: str, ask: Callable[[], None], rounds: int) -> dict[str, float]:
    taken, worked = [], time.process_time()
    for _ in range(rounds):
        begun_s = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun_s) * 1000)
    cuts = quantiles(taken, n=20)
    return {
        f"{name}_p50_ms": cuts[9],
        f"{name}_p95_ms": cuts[18],
        f"{name}_cpu_ms": (time.process_time() - worked) * 1000 / rounds,
    }


if __name__ == "__main__":
    sys.exit(main())
