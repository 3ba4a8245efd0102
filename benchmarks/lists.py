"""How fast the longest lists of the product open at 200,000 rows, on SQLite and on PostgreSQL.

    python -m benchmarks.lists [--rows N] [--state sqlite|postgresql] [--rounds N]

Makes N rows (200,000) of alerts, alert events, messages with deliveries, sign-ins, the audit,
loads, deadlines (a quarter of them open, of 40 units and the people in them), and of a platform's
things with a procedure (each a letter of one of 40 units, a tenth of them published, half of them
closed). Then asks for the first page of each list, with the count that stands on it, and of some a
page far behind; each question is asked once before it is timed. Prints p50 and p95 of each, by the
clock and of the processor time that it took; fails where a p95 by the clock is over 100 ms, on a
machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from alerting.events.repository import Events, Wanted
from alerting.notify.repository import Messages
from alerting.notify.search import Criteria as DeliveriesAsked
from alerting.notify.search import search as deliveries
from alerting.record.search import Criteria as AlertsAsked
from alerting.record.search import search as alerts
from api import audit
from api.accounts.records import Account
from api.administration.audit_trail.actions import READ_A_PAGE
from api.administration.sign_ins import repository as sign_ins
from api.administration.sign_ins.records import Asked as SignInsAsked
from api.imports.repository import Loads
from api.procedures import repository as procedures
from benchmarks.answering import timed
from benchmarks.figures import report
from benchmarks.lists_rows import (
    ACCOUNT_OF_ALL,
    ACCOUNT_OF_UNIT,
    BEGUN_MS,
    MINUTE_MS,
    ROLES,
    deadlines_of,
    fill,
    made,
)
from ingest.state.database import State
from tests.api.letters.procedure import PROCEDURE

MOST_MS = 100.0
A_PAGE = 50
Asks = Mapping[str, Callable[[], object]]


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--state", choices=["sqlite", "postgresql"], nargs="+")
    given = parser.parse_args()
    figures: dict[str, float] = {}
    for kind in given.state or ("sqlite", "postgresql"):
        with made(kind) as state:
            begun = time.monotonic()
            fill(state, given.rows)
            print(f"{kind}: {given.rows} rows in {time.monotonic() - begun:.0f} s", flush=True)
            for name, ask in lists(state, given.rows).items():
                parts = timed(state, ask, given.rounds)
                figures |= {f"{kind}_{name}_{part}_ms": of for part, of in parts.items()}
                said = (f"{part} {of:6.1f}" for part, of in parts.items())
                print(f"{kind:10} {name:28}", *said, "ms", flush=True)
    report(figures)
    clocks = {name: of for name, of in figures.items() if "_cpu_" not in name}
    over = [name for name, of in clocks.items() if name.endswith("_p95_ms") and of > MOST_MS]
    print(f"load {os.getloadavg()}")
    print("over the limit:", over, file=sys.stderr)
    return int(bool(over))


def lists(state: State, rows: int) -> Asks:
    """Each list by its name, as its page asks for it."""
    return {
        **_of_deadlines(state, rows),
        **_of_alerts(state, rows),
        **_of_messages(state),
        **_of_deeds(state),
    }


def _of_deadlines(state: State, rows: int) -> Asks:
    deadlines, far = deadlines_of(state), (BEGUN_MS + rows * MINUTE_MS // 2, 0)

    def own(account: Account) -> Callable[[], object]:
        return lambda: deadlines.of_person(account, ROLES, BEGUN_MS, most=A_PAGE)

    def awaited(account: Account, name: str) -> Callable[[], object]:
        step = next(of for of in PROCEDURE.steps if of.name == name)
        return lambda: _reading(
            state,
            lambda connection: procedures.waiting(connection, PROCEDURE, step, account, A_PAGE),
        )

    return {
        "deadlines_of_person": own(ACCOUNT_OF_UNIT),
        "deadlines_of_office": own(ACCOUNT_OF_ALL),
        "deadlines_running": lambda: deadlines.running(most=A_PAGE),
        "deadlines_running_far_behind": lambda: deadlines.running(most=A_PAGE, after=far),
        "todos_of_unit": awaited(ACCOUNT_OF_UNIT, "answer"),
        "todos_of_all": awaited(ACCOUNT_OF_ALL, "answer"),
        "todos_to_assign": awaited(ACCOUNT_OF_ALL, "assign"),
    }


def _of_alerts(state: State, rows: int) -> Asks:
    events = Events(state)

    def alerted(first: int = 0, **values: Any) -> Callable[[], object]:
        return lambda: alerts(state, AlertsAsked(**values), first=first, most=A_PAGE)

    def happened(wanted: Wanted) -> Callable[[], object]:
        return lambda: _reading(
            state, lambda connection: events.listing(connection, wanted, first=0, most=A_PAGE)
        )

    return {
        "alerts": alerted(),
        "alerts_newest": alerted(order="newest"),
        "alerts_of_station": alerted(station="s7"),
        "alerts_far_behind": alerted(rows // 2),
        "events": happened(Wanted("officer")),
        "events_waiting": happened(Wanted("officer", "waiting")),
    }


def _of_messages(state: State) -> Asks:
    messages, loads = Messages(state), Loads(state)

    def delivered(**values: Any) -> Callable[[], object]:
        return lambda: deliveries(messages, DeliveriesAsked(**values), first=0, most=A_PAGE)

    return {
        "deliveries": delivered(),
        "deliveries_of_reader": delivered(readers=["p7"]),
        "inbox": lambda: (messages.of_reader("p7", most=A_PAGE + 1), messages.unread("p7")),
        "loads": lambda: loads.listed(["payments", "others"], most=A_PAGE + 1),
        "loads_of_source": lambda: loads.listed(["payments"], source="局7", most=A_PAGE + 1),
    }


def _of_deeds(state: State) -> Asks:
    def audited(**asked: Any) -> Callable[[], object]:
        return lambda: (audit.search(state, most=A_PAGE + 1, **asked), audit.count(state, **asked))

    def with_text(text: str) -> object:
        after = audit.newest(state) - READ_A_PAGE
        return audit.search(state, after_id=after, most=A_PAGE + 1, text=text)

    def signed_in(**values: Any) -> Callable[[], object]:
        asked = SignInsAsked(**values)
        return lambda: (
            sign_ins.search(state, asked, None, before=0, most=A_PAGE + 1),
            sign_ins.count(state, asked, None),
        )

    return {
        "audit": audited(),
        "audit_of_person": audited(who=["p7"]),
        "audit_of_action": audited(action="deed7"),
        "audit_with_text": lambda: with_text("第77777号"),
        "sign_ins": signed_in(),
        "sign_ins_of_person": signed_in(username="p7"),
    }


def _reading(state: State, ask: Callable[[sa.Connection], object]) -> object:
    with state.read() as connection:
        return ask(connection)


if __name__ == "__main__":
    sys.exit(main())
