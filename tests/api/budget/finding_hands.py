"""Payments of which some have one invoice, a rule that asks about these, and people at work on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from msgspec import Struct

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.platforms.budget.findings.actions import listing, screening
from api.platforms.budget.rulebook import repository as rulebook
from budget.detection.books import Books
from budget.detection.kinds import KINDS
from budget.detection.payments.questions import asked
from budget.detection.records import Question, RuleDocument, RuleKind
from config.vocabulary.time import day_of
from tests.api.conftest import RunningCentre
from tests.api.deadline_rules import core_of

HEAD = "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,用途,发票号码"
Row = tuple[str, ...]
PUMPS: tuple[Row, ...] = (
    ("1", "101", "水利局", "张三", "3000.00", "2026-01-05", "水泵维修", "F1"),
    ("2", "101", "水利局", "张三", "3000.00", "2026-01-20", "水泵维修", "F1"),
)
BOOKS: tuple[Row, ...] = (
    ("3", "102", "住房和城乡建设局", "新华书店", "800.20", "2026-02-01", "图书", "F2"),
    ("4", "102", "住房和城乡建设局", "新华书店", "800.20", "2026-02-03", "图书", "F2"),
)
MORE_PUMPS: tuple[Row, ...] = (
    ("5", "101", "水利局", "张三", "3000.00", "2026-03-05", "水泵维修", "F1"),
)
RULE = RuleDocument(
    id="same-invoice", kind="duplicate-payment", source="财政部门规定", mark="read"
)


class Nothing(Struct, frozen=True):
    """A rule without parameters."""


def _same_invoice(books: Books, _by: Nothing) -> Iterator[Question]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row in range(len(books.payments)):
        rows[books.payments.invoice.at(row)].append(row)
    for some in rows.values():
        if len(some) > 1:
            cents = int(books.payments.cents[some[0]])
            again = cents * (len(some) - 1)
            yield asked(books.payments, some, 1, again, basis="invoice", amount_cents=cents)


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> RuleDocument:
    """The only one, whatever rules the product has."""
    kind = RuleKind(
        name=RULE.kind, parameters=Nothing, needs=frozenset({"invoice"}), find=_same_invoice
    )
    assert isinstance(KINDS, dict)
    monkeypatch.setitem(KINDS, RULE.kind, kind)
    monkeypatch.setattr(rulebook, "in_force", lambda _connection: (RULE,))
    monkeypatch.setattr(listing, "load", lambda: (RULE,))
    return RULE


def sent(client: httpx.Client, rows: tuple[Row, ...]) -> int:
    """The id of a load of payments, which is in force."""
    answer = client.post(
        "/api/v1/imports/budget.payments",
        params={"source": "财政局国库", "name": "支付.csv"},
        content="\n".join([HEAD, *(",".join(row) for row in rows)]).encode(),
    )
    assert answer.status_code in (200, 201), answer.text
    number: int = answer.json()["id"]
    return number


def withdrawn(client: httpx.Client, load: int) -> None:
    """A load is in force no more."""
    path = f"/api/v1/imports/loads/{load}/withdraw"
    assert client.post(path, json={"why": "发错了"}).is_success


def run(centre: RunningCentre) -> tuple[int, int]:
    """The rules ran: how many findings were new, and how many withdrawn."""
    done = screening.refresh(core_of(centre).acting)
    return done.found, done.withdrawn


def findings(client: httpx.Client, **asked_: str) -> list[Mapping[str, Any]]:
    """Those that somebody sees, over the API."""
    answer = client.get("/api/v1/budget/findings", params={"show": "all"} | asked_)
    assert answer.status_code == 200, answer.text
    found: list[Mapping[str, Any]] = answer.json()["findings"]
    return found


def step(client: httpx.Client, finding: int, name: str, **given: str) -> httpx.Response:
    """A step over the API."""
    path = f"/api/v1/budget/findings/{finding}/steps/{name}"
    return client.post(path, json={"given": given})


def account_of(centre: RunningCentre, username: str) -> Account:
    """Somebody with the roles of today."""
    services = centre.services
    with services.state.read() as connection:
        today = day_of(centre.clock.now_ms)
        grants = People(services.state).grants(connection, username, today)
    return Account(
        username,
        username,
        roles=tuple(of.role for of in grants),
        reaches=services.roles.reaches(grants),
    )
