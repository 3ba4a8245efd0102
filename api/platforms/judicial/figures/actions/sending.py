"""Send a month, accept or return it, mark breaks, and enter ranges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account, Secrecy
from api.platforms.judicial import free_text
from api.platforms.judicial.figures import repository
from api.platforms.judicial.figures.actions import reading, terms
from api.platforms.judicial.figures.actions.reading import Row, UnknownBody
from api.platforms.judicial.figures.records.checks import Wrong, faults
from api.platforms.judicial.figures.records.hiding import Known, hidden
from api.platforms.judicial.figures.records.ranges import MEASURES, tenths
from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import (
    MONTH,
    Figures,
    month_after,
    month_before,
    templates,
)
from api.services import Services
from api.web.forms import LONGEST_WHY
from config.vocabulary.time import day_of

LONGEST_SOURCE = 200


class TableRefused(Exception):
    """A table, a decision, a break or a range that does not hold, with all its faults."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__(
            "; ".join(f"{of.field}: {of.key}, expected {of.expected}" for of in wrong)
        )
        self.wrong = wrong


def send(services: Services, account: Account, body: str, given: Mapping[str, str]) -> Row:
    """Send a month's figures, by cell, or a further version with its reason; the version.

    Raises:
        UnknownBody, TableRefused
        TextRefused: the reason names a person or a case.
    """
    template = templates().get(body)
    if template is None or not reading.may_send(account, body):
        raise UnknownBody(f"there is no body {body} to send for")
    month, why = given.get("month", "").strip(), _said("why", given.get("why", ""))
    if not MONTH.fullmatch(month):
        raise TableRefused(Wrong("month", "month"))
    if month > reading.this_month(services):
        raise TableRefused(Wrong("month", "ahead"))
    figures = {name: given.get(name, "").strip() for name in template.cells}
    with services.state.begin() as connection:
        if wrong := faults(template, figures, carried(connection, body, month)):
            raise TableRefused(*wrong)
        last = repository.last(connection, body, month)
        if last and not why:
            raise TableRefused(Wrong("why", "why"))
        values = {
            "body": body,
            "month": month,
            "version": last["version"] + 1 if last else 1,
            "state": "sent",
            "figures": json.dumps({name: int(of) for name, of in figures.items()}),
            "why": why,
            "sent_by": account.username,
            "sent_ms": services.now_ms(),
            "reason": "",
            "secrecy": int(Secrecy.INTERNAL),
            "hidden": "[]",
            "decided_by": "",
        }
        row = repository.one(connection, repository.add(connection, values))
        assert row is not None
        _record(connection, services, account, "judicial.send-figures", row, why)
        terms.meet(connection, services, account, body, month, services.now_ms())
        terms.tell_office(connection, services, account, row)
    return row


def carried(connection: Connection, body: str, month: str) -> Figures | None:
    """The figures from which a month goes on; None at a break, and where there are none."""
    if any(of["month"] == month for of in repository.breaks(connection, body)):
        return None
    found = repository.accepted(connection, body, month_before(month))
    return found.values if found else None


def not_shown(connection: Connection, body: str, month: Month) -> str:
    """The cells of a version that is accepted now which are not shown, as the table keeps them."""
    beside = (month_before(month.month), month_after(month.month))
    before, after = (repository.shown_before(connection, body, of) for of in beside)
    same = repository.shown_before(connection, body, month.month)
    return json.dumps(sorted(hidden(templates()[body], month, Known(same, before, after))))


def decide(
    services: Services, account: Account, table_id: int, *, accept: bool, reason: str
) -> None:
    """Accept a version, or return it with a reason.

    Raises:
        UnknownBody: nothing waits for the account under this id.
        TableRefused, TextRefused
    """
    said = _said("reason", reason)
    if not accept and not said:
        raise TableRefused(Wrong("reason", "reason"))
    with services.state.begin() as connection:
        row = repository.waits(connection, account, table_id)
        if row is None:
            raise UnknownBody(f"no table {table_id} waits")
        month = replace(repository.month_of(row), hidden=frozenset())
        values = {
            "state": "accepted" if accept else "returned",
            "reason": said,
            "decided_by": account.username,
            "decided_ms": services.now_ms(),
            "hidden": not_shown(connection, row["body"], month) if accept else "[]",
        }
        if not repository.decide(connection, table_id, values):
            raise UnknownBody(f"table {table_id} does not wait any more")
        detail = f"{values['state']}: {said}"
        _record(connection, services, account, "judicial.decide-figures", row, detail)
        if not accept:
            terms.reopen(connection, services, account, row["body"], row["month"], said)
        terms.tell_sender(connection, services, account, row, accept=accept, reason=said)


def mark(services: Services, account: Account, body: str, month: str, reason: str) -> None:
    """Mark the first month that counts otherwise.

    Raises:
        UnknownBody, TableRefused, TextRefused
    """
    if body not in templates():
        raise UnknownBody(f"there is no body {body}")
    if not MONTH.fullmatch(month):
        raise TableRefused(Wrong("month", "month"))
    said = _said("reason", reason)
    if not said:
        raise TableRefused(Wrong("reason", "reason"))
    values = {
        "body": body,
        "month": month,
        "reason": said,
        "marked_by": account.username,
        "marked_ms": services.now_ms(),
    }
    with services.state.begin() as connection:
        if not repository.mark(connection, values):
            raise TableRefused(Wrong("month", "there"))
        audit.record(
            connection,
            by=account.actor,
            action="judicial.mark-break",
            subject=f"judicial/break/{body}/{month}",
            detail=said,
            at_ms=services.now_ms(),
        )


def enter_range(services: Services, account: Account, body: str, given: Mapping[str, str]) -> None:
    """Enter a reference range with its source and the source's day.

    Raises:
        UnknownBody, TableRefused, TextRefused
    """
    if body not in templates():
        raise UnknownBody(f"there is no body {body}")
    measure, source = given.get("measure", ""), " ".join(given.get("source", "").split())
    low, high = tenths(given.get("low", "")), tenths(given.get("high", ""))
    day, wrong = given.get("day", "").strip(), []
    if measure not in MEASURES:
        wrong.append(Wrong("measure", "measure"))
    wrong += [
        Wrong(field, "percent") for field, of in (("low", low), ("high", high)) if of is None
    ]
    if low is not None and high is not None and low > high:
        wrong.append(Wrong("high", "upside-down"))
    if not source or len(source) > LONGEST_SOURCE or "\0" in source:
        wrong.append(Wrong("source", "source"))
    if not _is_over(day, day_of(services.now_ms())):
        wrong.append(Wrong("day", "day"))
    if wrong:
        raise TableRefused(*wrong)
    free_text.check({"source": source})
    values = {
        "body": body,
        "measure": measure,
        "low": low,
        "high": high,
        "source": source,
        "day": day,
        "entered_by": account.username,
        "entered_ms": services.now_ms(),
    }
    with services.state.begin() as connection:
        repository.enter_range(connection, values)
        audit.record(
            connection,
            by=account.actor,
            action="judicial.enter-range",
            subject=f"judicial/range/{body}/{measure}",
            detail=f"{low} {high} {source} {day}",
            at_ms=services.now_ms(),
        )


def _said(field: str, text: str) -> str:
    """A reason without blanks at its ends.

    Raises:
        TableRefused: it is long, or has a sign of no script.
        TextRefused: it names a person or a case.
    """
    said = text.strip()
    if len(said) > LONGEST_WHY or "\0" in said:
        raise TableRefused(Wrong(field, "long"))
    free_text.check({field: said})
    return said


def _is_over(day: str, today: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day <= today
    except ValueError:
        return False


def _record(
    connection: Connection,
    services: Services,
    account: Account,
    action: str,
    row: Row,
    detail: str,
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=reading.subject(row),
        detail=detail,
        at_ms=services.now_ms(),
    )
