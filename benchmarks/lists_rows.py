"""Rows that `benchmarks.lists` asks for: a district of forty units after years of work."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerting.tables import ALERT, DELIVERY, MESSAGE
from alerting.tables import EVENT as ALERT_EVENT
from api import audit
from api.accounts.records import Account, Reach, Secrecy
from api.accounts.roles import Role, Roles
from api.deadlines.records import Responsible
from api.deadlines.repository import Deadlines
from api.deadlines.tables import DEADLINE
from api.imports.tables import LOAD
from api.ports import Reference
from api.procedures.tables import EVENT as STEP
from api.tables import ACCOUNT, AUDIT, AUDIT_LINK, MEMBERSHIP, ROLE_GRANT, SIGN_IN, UNIT
from config import law, working_days
from config.settings import Settings
from ingest.state.database import State, open_state
from qingyuan.runtime.site import MIGRATIONS
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import ANSWER, LETTER
from tests.api.letters.procedure import MIGRATIONS as LETTERS
from tests.conftest import Postgres

UNITS = 40
A_TRANSACTION = 2000
BEGUN_MS = 1_700_000_000_000
MINUTE_MS = 60_000
HANDLER, OFFICE = "p7", "p0"
ROLE = Role("handler", frozenset(LetterPermission))
ROLES = Roles({ROLE.id: ROLE}, ("letters",))
ACCOUNT_OF_UNIT = Account(HANDLER, "陈明", reaches=(Reach(ROLE.permissions, "u7"),))
ACCOUNT_OF_ALL = Account(OFFICE, "李岚", reaches=(Reach(ROLE.permissions),))
Values = dict[str, Any]


def deadlines_of(state: State) -> Deadlines:
    """The deadlines of a state database, by the law of the product."""
    return Deadlines(state, law.load(), working_days.load())


@contextmanager
def made(kind: str) -> Iterator[State]:
    """An empty state database of a kind."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        postgres = Postgres() if kind == "postgresql" else None
        if postgres:
            postgres.start()
        url = postgres.database() if postgres else ""
        state = open_state(Settings(data_dir=Path(folder), state_url=url))
        try:
            state.migrate([*MIGRATIONS, LETTERS])
            yield state
        finally:
            state.close()
            if postgres:
                postgres.remove()


def fill(state: State, count: int) -> None:
    """So many rows of each kind."""
    drawn = random.Random(1)  # noqa: S311
    for table, rows in _people():
        _insert(state, table, rows)
    template = _deadline(state)
    tables: dict[sa.Table, Callable[[int], Values]] = {
        ALERT_EVENT: lambda at: _event(at, drawn),
        ALERT: lambda at: _alert(at, drawn),
        MESSAGE: lambda at: _message(at, drawn),
        DELIVERY: lambda at: _delivery(at, drawn),
        AUDIT: lambda at: _deed(at, drawn),
        AUDIT_LINK: lambda at: {"position": at, "audit_id": at + 1, "chain": f"{at:064}"},
        SIGN_IN: lambda at: _sign_in(at, drawn),
        LOAD: lambda at: _load(at, drawn),
        DEADLINE: lambda at: template | _term(at, drawn),
        LETTER: lambda at: _letter(at, drawn),
        STEP: lambda at: _step(at, drawn),
    }
    for table, row in tables.items():
        _insert(state, table, map(row, range(count)))
    with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if state.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("vacuum analyze")


def _insert(state: State, table: sa.Table, rows: Iterable[Values]) -> None:
    rows = iter(rows)
    while some := list(islice(rows, A_TRANSACTION)):
        with state.begin() as connection:
            connection.execute(sa.insert(table), some)


def _people() -> Iterator[tuple[sa.Table, list[Values]]]:
    """A person in each unit; the first belongs to none, and to all."""
    units = [f"u{at}" for at in range(UNITS)]
    people = [f"p{at}" for at in range(UNITS)]
    yield UNIT, [{"id": of, "name": of, "kind": "department", "official_order": 1} for of in units]
    yield ACCOUNT, [_account(of) for of in people]
    both = list(zip(people, units, strict=True))
    yield MEMBERSHIP, [{"username": one, "unit": unit, "post": ""} for one, unit in both[1:]]
    grants = {"role": ROLE.id, "platform": ""}
    yield ROLE_GRANT, [{"username": one, "unit": unit} | grants for one, unit in both[1:]]
    yield ROLE_GRANT, [{"username": OFFICE, "unit": None} | grants]


def _account(username: str) -> Values:
    return {"username": username, "name": username, "password_hash": ""}


def _at_ms(at: int) -> int:
    return BEGUN_MS + at * MINUTE_MS


def _alert(at: int, drawn: random.Random) -> Values:
    return {
        "id": f"{at:020}",
        "rule_id": f"rule-{at % 30}",
        "rule_version": 1,
        "level": drawn.randint(1, 4),
        "about": drawn.choice(("pollution", "maintenance")),
        "station": f"s{drawn.randrange(UNITS)}",
        "indicator": "ammonia",
        "state": "firing" if drawn.random() < 0.001 else "resolved",
        "began_ms": _at_ms(at),
        "fired_ms": _at_ms(at),
        "data_lost": False,
        "retrospective": False,
        "event_id": f"{at:020}",
    }


def _event(at: int, drawn: random.Random) -> Values:
    stands = drawn.random() < 0.001
    return {
        "id": f"{at:020}",
        "about": drawn.choice(("pollution", "maintenance")),
        "kind": "ammonia-over-class",
        "area": f"river {at % UNITS}",
        "state": "standing" if stands else "over",
        "began_ms": _at_ms(at),
        "latest_ms": _at_ms(at),
        "due_ms": _at_ms(at),
        "times": 1,
        "gravest": 2,
        "known_level": 2,
        "known_stations": "{}",
        "held": False,
        "silenced": False,
        "data_lost": False,
        "policy": "",
        "round": 1,
        "step": 0,
        "officers_ms": None if drawn.random() < 0.5 else _at_ms(at),
    }


def _message(at: int, drawn: random.Random) -> Values:
    return {
        "id": f"{at:032}",
        "reader": f"p{drawn.randrange(UNITS)}",
        "kind": "event",
        "level": drawn.randint(1, 4),
        "created_ms": _at_ms(at),
        "read_ms": None if drawn.random() < 0.05 else _at_ms(at + 1),
    }


def _delivery(at: int, drawn: random.Random) -> Values:
    return {
        "message_id": f"{at:032}",
        "channel": drawn.choice(("mail", "push", "sms")),
        "rank": 1,
        "state": "failed" if drawn.random() < 0.01 else "delivered",
        "attempts": 1,
        "created_ms": _at_ms(at),
        "why": "",
        "provider_id": "",
    }


def _deed(at: int, drawn: random.Random) -> Values:
    return {
        "at_ms": _at_ms(at),
        "who": f"p{drawn.randrange(UNITS)}",
        "action": f"deed{drawn.randrange(60)}",
        "subject": str(at),
        "detail": f'{{"note": "关于第{at}号事项的说明，已由经办人核实并签收"}}',
        "on_behalf": "",
    }


def _sign_in(at: int, drawn: random.Random) -> Values:
    return {
        "at_ms": _at_ms(at),
        "username": f"p{drawn.randrange(UNITS)}",
        "address": f"10.0.{drawn.randrange(256)}.{drawn.randrange(256)}",
        "browser": "Firefox",
        "outcome": "signed-in",
        "count": 1,
    }


def _load(at: int, drawn: random.Random) -> Values:
    counts = dict.fromkeys(("rows", "refused", "fresh", "changed", "same", "faults"), at)
    texts = {"mapping": "{}", "totals": "{}", "problem": "", "from_month": "", "until_month": ""}
    return (
        counts
        | texts
        | {
            "kind": "payments" if drawn.random() < 0.5 else "others",
            "source": f"局{drawn.randrange(UNITS)}",
            "file": f"{at}.csv",
            "sha256": f"{at:064}",
            "bytes": 1,
            "state": "loaded",
            "made_by": f"p{drawn.randrange(UNITS)}",
            "made_ms": _at_ms(at),
            "beat_ms": _at_ms(at),
            "claim": 0,
            "done": 0,
            "heard": True,
        }
    )


def _deadline(state: State) -> Values:
    """The values of a deadline as the product writes it, for all that are made here."""
    with state.begin() as connection:
        made = deadlines_of(state).start(
            connection,
            ANSWER,
            Reference("letters", "letter", "0"),
            "来信",
            "/letters/0",
            Responsible("u0", LetterPermission.ANSWER),
            date(2026, 3, 2),
            actor=audit.Actor("bench"),
            at_ms=BEGUN_MS,
        )
        row = connection.execute(sa.select(DEADLINE).where(DEADLINE.c.id == made)).mappings().one()
    return {name: of for name, of in row.items() if name != "id"}


def _term(at: int, drawn: random.Random) -> Values:
    return {
        "subject": str(at + 1),
        "title": f"关于第{at}号事项的来信",
        "unit": f"u{drawn.randrange(UNITS)}",
        "due_ms": _at_ms(at),
        "state": "running" if at % 4 == 0 else "ended",
    }


def _letter(at: int, drawn: random.Random) -> Values:
    states = ("closed", "closed", "assigned", "sent")
    return {
        "state": states[at % 4],
        "version": 1,
        "author": f"p{drawn.randrange(UNITS)}",
        "title": f"关于第{at}号事项的来信",
        "body": "反映河道边有异味。",
        "unit": f"u{drawn.randrange(UNITS)}",
        "weight": 1.0,
        "public": drawn.random() < 0.1,
        "secrecy": int(Secrecy.INTERNAL),
    }


def _step(at: int, drawn: random.Random) -> Values:
    """The last one of each letter."""
    return {
        "platform": "letters",
        "kind": "letter",
        "item": str(at + 1),
        "number": 1,
        "step": "write",
        "from_state": "",
        "to_state": "sent",
        "who": f"p{drawn.randrange(UNITS)}",
        "on_behalf": "",
        "signed": "",
        "at_ms": _at_ms(at),
        "given": "{}",
        "terms": "{}",
        "after": "{}",
        "after_hash": "",
    }
