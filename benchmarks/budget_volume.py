"""Budget supervision with a million payments: loading, totals, questions, rules.

    python -m benchmarks.budget_volume [--payments N] [--state sqlite|postgresql] [--rounds N]

Makes the tables of a treasury that is not there, takes them in as an office would send them while
somebody writes a row of the audit every 5 ms, asks what people ask on the pages, and runs every
rule on all years. Fails where loading payments (with their totals) takes over 120 s or anybody
waited longer than 0.2 s for it, a question takes over 200 ms (p95, by the clock, after a first
time), all rules take over 30 s, or this process over 1 GB, on a machine that does nothing else.
Beside them plain DuckDB answers the same from the same file, in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import duckdb

from api.audit import Actor
from api.imports import actions as imports
from api.imports.contents import Contents
from api.imports.loading.parts import Parts
from api.imports.loading.worker import Worker
from api.platforms.budget.books import repository as books
from api.platforms.budget.kinds import KINDS
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.ledger.records import narrowed, sums, whole
from api.platforms.budget.payments import repository as payments
from api.platforms.budget.payments.records import A_PAGE, Asked, AskedTotals, behind, chosen
from benchmarks.answering import timed
from benchmarks.figures import report
from benchmarks.loading import made, now_ms, somebody_writes
from budget.detection import documents, engine
from ingest.state.database import State
from qingyuan.runtime.site import MIGRATIONS
from simulators.treasury.simulation import treasury
from simulators.treasury.writing import write

LOAD_S, WAIT_MS, ASK_MS, RULES_S, MEMORY_MB = 120.0, 200.0, 200.0, 30.0, 1000.0
DUCKDB = {
    "totals": "select 单位编码, sum(cents), count(*) from payments group by 1",
    "totals_by_month": "select date_trunc('month', 支付日期), sum(cents), count(*) from payments"
    " group by 1",
    "payees_of_year": "select 收款人全称, sum(cents), count(*) from payments"
    " where 支付日期 between '2024-01-01' and '2024-12-31' group by 1",
    "payments": "select * from payments order by 支付日期 desc, rowid desc limit 50",
    "words_common": "select * from payments where contains(用途, '物业') or"
    " contains(收款人全称, '物业') order by 支付日期 desc, rowid desc limit 50",
    "words_rare": "select * from payments where contains(用途, '钢琴') or"
    " contains(收款人全称, '钢琴') order by 支付日期 desc, rowid desc limit 50",
}
"""Questions of the pages, as somebody would ask the file itself."""
FILES = {
    "payments": "payments",
    "indicators": "indicators",
    "lines": "budget_lines",
    "contracts": "contracts",
    "assets": "assets",
    "adjustments": "adjustments",
    "problems": "audit_problems",
}
OFFICER = Actor("bench")
Figures = dict[str, float]


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--state", choices=["sqlite", "postgresql"], nargs="+")
    parser.add_argument("--folder", type=Path, help="tables that were made before")
    asked = parser.parse_args()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as kept:
        folder = asked.folder or Path(kept)
        if not asked.folder:
            write(treasury(1, payments=asked.payments), folder)
        with ProcessPoolExecutor(1, get_context("spawn")) as peer:
            figures |= peer.submit(_duckdb, folder, asked.rounds).result()
        for kind in asked.state or ("sqlite", "postgresql"):
            with tempfile.TemporaryDirectory() as data, made(kind, Path(data)) as state:
                state.migrate(MIGRATIONS)
                measured = _loaded(state, folder, Path(data))
                measured |= dict(_asked(state, asked.rounds)) | _rules(state)
                figures |= {f"{kind}_{name}": of for name, of in measured.items()}
    report(figures)
    over = sorted(_over(figures))
    print("over the limit:", over, file=sys.stderr)
    return int(bool(over))


def _duckdb(folder: Path, rounds: int) -> Figures:
    connection, figures = duckdb.connect(), dict[str, float]()
    begun_s = time.monotonic()
    source = connection.read_csv(str(folder / "payments.csv"), all_varchar=True)
    connection.sql(
        "create table payments as select * exclude (支付日期), 支付日期::date as 支付日期,"
        " (支付金额::decimal(18, 2) * 100)::bigint as cents from source"
    )
    figures["duckdb_load_s"] = time.monotonic() - begun_s
    print(f"duckdb loads in {figures['duckdb_load_s']:.1f} s", source.shape)
    for name, query in DUCKDB.items():
        took = []
        for _ in range(rounds + 1):
            begun_s = time.perf_counter()
            connection.sql(query).fetchall()
            took.append((time.perf_counter() - begun_s) * 1000)
        figures |= {f"duckdb_{name}_p50": median(took[1:]), f"duckdb_{name}_most": max(took[1:])}
        print(f"duckdb {name:24} p50 {median(took[1:]):6.1f}, at most {max(took[1:]):6.1f} ms")
    return figures


def _over(figures: Mapping[str, float]) -> Iterator[str]:
    ends = {
        "payments_load_s": LOAD_S,
        "wait_ms": WAIT_MS,
        "_p95_ms": ASK_MS,
        "rules_s": RULES_S,
        "memory_mb": MEMORY_MB,
    }
    for name, of in figures.items():
        limits = [most for end, most in ends.items() if name.endswith(end)]
        if "_cpu_" not in name and limits and of > limits[0]:
            yield name


def _loaded(state: State, folder: Path, data: Path) -> Figures:
    contents = Contents(data / "imports")
    parts = Parts(state, contents, now_ms, {kind.name: kind for kind in KINDS})
    figures: Figures = {}
    waits: list[float] = []
    for name, file in FILES.items():
        path = folder / f"{file}.csv"
        with somebody_writes(state, waits), path.open("rb") as content:
            begun_s = time.monotonic()
            kind = parts.kinds[f"budget.{name}"]
            load = imports.send(parts, OFFICER, kind, "bench", path.name, content)
            done = imports.load_at_once(
                Worker(), parts, OFFICER, load, good_rows=True, dry_run=False
            )
            figures[f"{name}_load_s"] = time.monotonic() - begun_s
        if done.state != "in-force":
            raise RuntimeError(f"{name}: {done.state}, {done.problem}, {done.faults} faults")
        print(f"{name:12} {figures[f'{name}_load_s']:6.1f} s, {done.rows:,} rows", flush=True)
    figures["longest_wait_ms"] = max(waits)
    figures["held_ms"] = state.holds.longest_ms
    print(f"longest wait {max(waits):.0f} ms, transaction {state.holds.longest_ms:.0f} ms")
    return figures


def _asked(state: State, rounds: int) -> Iterator[tuple[str, float]]:
    for name, ask in _questions(state).items():
        parts = timed(state, ask, rounds)
        print(f"{name:24}", *(f"{part} {of:6.1f}" for part, of in parts.items()), "ms", flush=True)
        yield from ((f"{name}_{part}_ms", of) for part, of in parts.items())


def _questions(state: State) -> Mapping[str, Callable[[], object]]:
    ledgers = Ledgers()
    begun_s = time.monotonic()
    ledger = ledgers.now(state)
    print(f"a process reads the columns in {time.monotonic() - begun_s:.1f} s, once for a load")
    unit = sums(ledger, narrowed(ledger, AskedTotals()), "unit")[0].value
    project = sums(ledger, narrowed(ledger, AskedTotals(unit=unit)), "project")[0].value

    def summed(**values: str) -> Callable[[], object]:
        asked = AskedTotals.model_validate(values)

        def ask() -> object:
            ledger = ledgers.now(state)
            mask = narrowed(ledger, asked)
            return sums(ledger, mask, asked.by), whole(ledger, mask)

        return ask

    def listed(**values: str) -> Callable[[], object]:
        asked = Asked.model_validate(values)

        def ask() -> object:
            ledger = ledgers.now(state)
            mask = chosen(ledger, asked, persons=False)
            ids = behind(ledger, mask, asked.before, A_PAGE + 1)
            with state.read() as connection:
                return payments.payments(connection, ids), whole(ledger, mask)

        return ask

    return {
        "totals": summed(),
        "totals_by_month": summed(by="month"),
        "totals_of_year": summed(period="2024", by="economic"),
        "totals_of_unit": summed(unit=unit, by="project"),
        "payees_of_year": summed(period="2024", by="payee"),
        "payees_of_project": summed(unit=unit, project=project, by="payee"),
        "payments": listed(),
        "payments_of_unit": listed(unit=unit),
        "payments_of_project": listed(unit=unit, project=project, period="2023"),
        "payments_far_behind": listed(before="2022-06-30.1"),
        "words_common": listed(q="物业"),
        "words_rare": listed(q="钢琴"),
        "words_two": listed(q="维修 公司"),
        "large": listed(least="1000000"),
        "days": listed(from_day="2023-03-01", until_day="2023-03-03", q="电费"),
    }


def _rules(state: State) -> Figures:
    begun_s = time.monotonic()
    known = books.books(state)
    read_s = time.monotonic() - begun_s
    outcome = engine.run(known, documents.load())
    took_s = time.monotonic() - begun_s
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"rules {took_s:.1f} s, {read_s:.1f} s of it reading {len(known.payments):,} payments;"
        f" {len(outcome.findings):,} findings, {len(outcome.deferred)} deferred; at most"
        f" {memory_mb:.0f} MB",
        flush=True,
    )
    return {"read_s": read_s, "rules_s": took_s, "memory_mb": memory_mb}


if __name__ == "__main__":
    sys.exit(main())
