"""Rules of terms for the tests of deadlines, and a deadline of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.audit import Actor
from api.deadlines import opening
from api.deadlines.records import Responsible
from api.deadlines.repository import Deadlines
from api.ports import Reference
from api.shape import CoreServices
from config.law import Extension, Law, Rule
from config.working_days import Notice, load
from tests.api.conftest import NOW_MS, RunningCentre

TODAY = date(2026, 11, 24)
NOTE = Reference("toy", "note", "1")
CLERK = Actor("lianluo")
OFFICE = "deputies-committee"
HOLDERS = Responsible(OFFICE, "deadlines.change-terms")
CONSENT: dict[str, Any] = {"consent_zh": "经代表同意", "consent_en": "the deputy agrees"}


def rule(**changes: object) -> Rule:
    """Three months to answer, six at most; its text was read."""
    values: dict[str, object] = {
        "id": "note.answer",
        "topic": "suggestions",
        "title_zh": "答复便条",
        "title_en": "Answer to a note",
        "amount": 3,
        "unit": "month",
        "starts_zh": "交办之日",
        "starts_en": "the day it was assigned",
        "clause_zh": "第五十一条",
        "law_zh": "便条法",
        "source": "ours",
        "mark": "read",
        "extensions": (Extension(6, "month", **CONSENT, to=True),),
        "pausable": True,
    }
    return Rule(**(values | changes))  # type: ignore[arg-type]


FIVE_DAYS = (Extension(5, "day", **CONSENT),)
RULES = (
    rule(),
    rule(id="note.days", amount=10, unit="working-day", extensions=FIVE_DAYS),
    rule(id="note.fixed", amount=7, unit="day", extensions=(), pausable=False),
    rule(id="note.local", amount=7, unit="day", mark="comparator", region="上海", extensions=()),
    rule(
        id="note.before", amount=20, unit="day", direction="before", extensions=(), pausable=False
    ),
    rule(id="note.report", amount=2, unit="hour", extensions=(), pausable=False),
)
LAW = Law({one.id: one for one in RULES})


def rules_instead(monkeypatch: pytest.MonkeyPatch, law: Law = LAW) -> None:
    """Let a site have these rules."""

    def of_tests(_district: Path) -> Law:
        return law

    monkeypatch.setattr(opening, "rules_of", of_tests)


def started(
    deadlines: Deadlines,
    rule_id: str,
    start: date | int = TODAY,
    *,
    by: Responsible = HOLDERS,
    subject: Reference = NOTE,
) -> int:
    """The id of a deadline that begins."""
    with deadlines.state.begin() as connection:
        return deadlines.start(
            connection,
            rule_id,
            subject,
            "河边有异味",
            "/toy/",
            by,
            start,
            actor=CLERK,
            at_ms=NOW_MS,
        )


def core_of(centre: RunningCentre) -> CoreServices:
    """The means of the jobs, as the core hands them over: with the days off of the files."""
    services = centre.services
    return CoreServices(
        state=services.state,
        store=services.store,
        catalogue=services.catalogue,
        now_ms=services.now_ms,
        publish=lambda _message: None,
        words=services.words,
        roles=services.roles,
        working_days=load(),
        files=services.files,
        district=services.district,
        wording=services.wording,
        grouping=services.grouping,
    )


def notice(year: int, *, off: tuple[date, date], make_up: tuple[date, ...] = ()) -> Notice:
    """Of a year in which one festival moves days."""
    values = {
        "notice": f"国务院办公厅关于{year}年部分节假日安排的通知",
        "published": date(year - 1, 11, 25),
        "mark": "read",
        "holiday": [{"name": "春节", "from": off[0], "to": off[1]}],
        "make_up": make_up,
    }
    return msgspec.convert(values, Notice)
