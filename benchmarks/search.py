"""How fast somebody finds something among many texts, on SQLite and on PostgreSQL.

    python -m benchmarks.search [--texts N] [--state sqlite|postgresql] [--rounds N]

Makes N texts (200,000): words of two and three characters drawn by Zipf's law out of 8,000, in
paragraphs of 40 to 200 characters, one to eight of them, each thing in one of 40 units, a tenth of
them published and a fifth restricted; puts them; then asks as a deputy of one unit and as an
officer of all: words of two and of four characters, two words, rare ones, and the most frequent
one, each with its total and its counts by kind. What the job derives is derived while they come.
Prints p50 and p95 of each, by the clock and of the processor time that it took, and the time of
one put of 20,000 characters. Fails where a p95 by the clock is over 100 ms, or a put over 20 ms,
on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, count, islice
from pathlib import Path
from statistics import median

from api import tables as account_tables
from api.accounts.records import Account, Reach, Secrecy, Unit
from api.accounts.repositories.units import Units
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Reference
from api.search.index import Asked, Entry, SearchIndex
from api.search.tables import MIGRATIONS
from benchmarks.answering import PARTS, timed
from benchmarks.figures import report
from config.settings import Settings
from ingest.state.database import State, open_state
from tests.conftest import Postgres

MOST_MS, MOST_PUT_MS = 100.0, 20.0
UNITS = 40
WORDS = 8000
A_TRANSACTION = 200
A_JOB = 100
"""Transactions after which the job that follows them runs."""
COMMON = "的一是不了人在有中大上为个国地到说们子时道出而要于就下得可你年生"
PERMISSION = EnvironmentPermission.SEE_ALERTS
OFFICER = Account("huanbao", "李岚", reaches=(Reach(frozenset({PERMISSION})),))
DEPUTY = Account("daibiao", "陈明", reaches=(Reach(frozenset({PERMISSION}), "u7"),))


class Language:
    """Words with frequencies by Zipf's law, and texts out of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        signs = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
        shares = list(accumulate(1 / rank for rank in range(1, len(signs) + 1)))
        self.words = list(dict.fromkeys(COMMON[at : at + 2] for at in range(0, len(COMMON), 2)))
        while len(self.words) < WORDS:
            length = 2 if self.random.random() < 0.8 else 3
            word = "".join(self.random.choices(signs, cum_weights=shares, k=length))
            self.words.append(word)
        self.shares = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def paragraph(self, length: int) -> str:
        """About so many characters, with a comma now and then."""
        words = self.random.choices(self.words, cum_weights=self.shares, k=max(length * 2 // 5, 1))
        return "".join(f"{of}，" if self.random.random() < 0.1 else of for of in words)

    def entry(self, at: int) -> Entry:
        """A thing with its text."""
        drawn = self.random
        count = min(int(drawn.paretovariate(1.3)), 8)
        return Entry(
            subject=Reference("environment", drawn.choice(("alert", "event", "paper")), str(at)),
            permission=PERMISSION,
            words="environment.title",
            title=self.paragraph(14),
            path=f"/environment/{at}",
            paragraphs=[self.paragraph(drawn.randint(40, 200)) for _ in range(count)],
            unit=f"u{drawn.randrange(UNITS)}",
            secrecy=Secrecy.RESTRICTED if drawn.random() < 0.2 else Secrecy.INTERNAL,
            public=drawn.random() < 0.1,
            at_ms=1_700_000_000_000 + at * 60_000,
        )


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--state", choices=["sqlite", "postgresql"], nargs="+")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    figures: dict[str, float] = {}
    for kind in given.state or ("sqlite", "postgresql"):
        with _state(kind) as state:
            for name, value in _measured(state, given.texts, given.rounds).items():
                figures[f"{kind}_{name}"] = value
    print(f"load {os.getloadavg()}")
    report(figures)
    over = [
        name
        for name, of in figures.items()
        if name.endswith("_p95_ms") and "cpu" not in name and of > MOST_MS
    ]
    over += [name for name, of in figures.items() if "put_p" in name and of > MOST_PUT_MS]
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
            state.migrate([account_tables.MIGRATIONS, MIGRATIONS])
            yield state
        finally:
            state.close()
            if postgres:
                postgres.remove()


def _measured(state: State, texts: int, rounds: int) -> dict[str, float]:
    language, index = Language(1), SearchIndex(state)
    with state.begin() as connection:
        for at in range(UNITS):
            Units(state).add(connection, Unit(f"u{at}", f"u{at}", "department"))
    begun = time.monotonic()
    entries = (language.entry(at) for at in range(texts))
    for number in count(1):
        some = list(islice(entries, A_TRANSACTION))
        with state.begin() as connection:
            for entry in some:
                index.put(connection, entry)
        if not some or number % A_JOB == 0:
            index.complete()
        if not some:
            break
    figures = {"filled_s": time.monotonic() - begun}
    if state.engine.dialect.name == "postgresql":
        with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")
    return figures | _asked(index, language, rounds)


def _asked(index: SearchIndex, language: Language, rounds: int) -> dict[str, float]:
    figures = {f"put_{name}_ms": of for name, of in _puts(index, language).items()}
    for who, account in (("deputy", DEPUTY), ("officer", OFFICER)):
        for name, question in _questions(language).items():
            ask = _asker(index, account, question)
            for part, value in timed(index.state, ask, rounds).items():
                figures[f"{who}_{name}_{part}_ms"] = value
            found = index.found(account, Asked(question()))
            print(f"{who:8} {name:10} e.g. {found.total}{'+' if found.bounded else ''}", end=" ")
            said = (f"{part} {figures[f'{who}_{name}_{part}_ms']:.1f}" for part in PARTS)
            print(*said, "ms", flush=True)
    return figures


def _asker(
    index: SearchIndex, account: Account, question: Callable[[], str]
) -> Callable[[], object]:
    return lambda: index.found(account, Asked(question()))


def _questions(language: Language) -> dict[str, Callable[[], str]]:
    words, drawn = language.words, language.random

    def some(first: int, last: int) -> str:
        return drawn.choice([of for of in words[first:last] if len(of) == 2])

    return {
        "frequent": lambda: words[0],
        "two": lambda: some(20, 2000),
        "four": lambda: some(0, 60) + some(0, 60),
        "words": lambda: f"{some(5, 500)} {some(5, 500)}",
        "frequents": lambda: f"{words[0]} {words[1]}",
        "rare": lambda: some(6000, WORDS),
        "nothing": lambda: "罕见之词",
        "one": lambda: drawn.choice(words[3000:4000])[0],
    }


def _puts(index: SearchIndex, language: Language) -> dict[str, float]:
    def put(at: int) -> Callable[[], object]:
        def run() -> None:
            with index.state.begin() as connection:
                index.put(connection, entries[at])

        return run

    entries: Sequence[Entry] = [
        Entry(
            subject=Reference("environment", "long", str(at)),
            permission=PERMISSION,
            words="environment.title",
            title="长文",
            path="/environment/long",
            paragraphs=[language.paragraph(200) for _ in range(100)],
            unit="u0",
            at_ms=1,
        )
        for at in range(20)
    ]
    print(f"a long text has {sum(map(len, entries[0].paragraphs))} characters")
    times = [_time(put(at)) for at in range(20)]
    return {"p50": median(times), "most": max(times)}


def _time(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
