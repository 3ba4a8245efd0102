"""Send, accept, return and read monthly figures; pages and routes both call these."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api import audit
from api.accounts.records import Account, Secrecy
from api.accounts.repositories.units import Units
from api.platforms.judicial import free_text
from api.platforms.judicial.figures import repository
from api.platforms.judicial.figures.records import (
    MONTH,
    Key,
    Month,
    Template,
    Wrong,
    faults,
    hidden,
    month_before,
    runs,
    templates,
    year_before,
)
from api.platforms.judicial.permission import JudicialPermission
from api.services import Services

Row = Mapping[str, Any]


class TableRefused(Exception):
    """A table, a decision or a break that does not hold, with all its faults."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__(
            "; ".join(f"{of.field}: {of.key}, expected {of.expected}" for of in wrong)
        )
        self.wrong = wrong


class UnknownBody(Exception):
    """No such body, or nothing of it for this account."""


@dataclass(frozen=True, slots=True)
class Series:
    """One body over time: every version that is seen, the months that count, those of a year
    before that may be compared, the runs between breaks, and which counts are hidden.
    """

    template: Template
    name: str
    versions: Sequence[Row]
    breaks: Sequence[Row]
    months: Sequence[Month]
    earlier: Mapping[str, Month]
    runs: Sequence[Sequence[Month]]
    hidden: frozenset[Key]

    def shown(self, month: str, column: str, value: int) -> int | None:
        """A count, or None where it is hidden."""
        return None if (month, column) in self.hidden else value


def bodies(services: Services) -> Sequence[tuple[str, str]]:
    """Ids and names of the bodies, in the official order."""
    units = Units(services.state)
    found = [unit for body in templates() if (unit := units.get(body))]
    return [(of.id, of.name) for of in found]


def series(services: Services, account: Account, body: str) -> Series:
    """One body over time.

    Raises:
        UnknownBody
    """
    name = dict(bodies(services)).get(body)
    if name is None:
        raise UnknownBody
    template = templates()[body]
    with services.state.read() as connection:
        rows = repository.versions(connection, account, body)
        marked = repository.breaks(connection, body)
    counts: dict[str, Month] = {}
    for row in rows:
        if row["state"] == "accepted":
            counts.setdefault(row["month"], Month(row["month"], row["values"]))
    months, cuts = list(counts.values()), [of["month"] for of in marked]
    return Series(
        template,
        name,
        rows,
        marked,
        months,
        year_before(months, cuts),
        runs(months, cuts),
        hidden(template, months),
    )


def may_send(account: Account, body: str) -> bool:
    """Whether somebody sends a body's figures: its own people alone."""
    return any(
        JudicialPermission.SUBMIT in of.permissions and of.unit in ("", body)
        for of in account.reaches
    )


def send(services: Services, account: Account, body: str, given: Mapping[str, str]) -> int:
    """Send a month's figures, or a further version with its reason; the version.

    Raises:
        UnknownBody, TableRefused
        TextRefused: the reason names a person or a case.
    """
    template = templates().get(body)
    if template is None or not may_send(account, body):
        raise UnknownBody
    month, why = given.get("month", "").strip(), given.get("why", "").strip()
    if not MONTH.fullmatch(month):
        raise TableRefused(Wrong("month", "month"))
    figures = {name: given.get(name, "").strip() for name in template.columns}
    free_text.check({"why": why})
    with services.state.begin() as connection:
        cut = any(of["month"] == month for of in repository.breaks(connection, body))
        before = None if cut else repository.accepted(connection, body, month_before(month))
        if wrong := faults(template, figures, before):
            raise TableRefused(*wrong)
        last = repository.last(connection, body, month)
        if last and not why:
            raise TableRefused(Wrong("why", "why"))
        version = last["version"] + 1 if last else 1
        values = {
            "body": body,
            "month": month,
            "version": version,
            "state": "sent",
            "figures": json.dumps({name: int(figures[name]) for name in template.columns}),
            "why": why,
            "sent_by": account.username,
            "sent_ms": services.now_ms(),
            "reason": "",
            "secrecy": int(Secrecy.INTERNAL),
        }
        repository.add(connection, values)
        subject = f"judicial/table/{body}/{month}/{version}"
        audit.record(
            connection,
            by=account.actor,
            action="judicial.send-figures",
            subject=subject,
            detail=why,
            at_ms=services.now_ms(),
        )
    return version


def decide(
    services: Services, account: Account, table_id: int, *, accept: bool, reason: str
) -> None:
    """Accept a version, or return it with a reason.

    Raises:
        UnknownBody, TableRefused, TextRefused
    """
    if not accept and not reason.strip():
        raise TableRefused(Wrong("reason", "reason"))
    free_text.check({"reason": reason})
    state = "accepted" if accept else "returned"
    with services.state.begin() as connection:
        row = repository.decide(connection, account, table_id, state, reason.strip())
        if row is None:
            raise UnknownBody
        subject = f"judicial/table/{row['body']}/{row['month']}/{row['version']}"
        audit.record(
            connection,
            by=account.actor,
            action="judicial.decide-figures",
            subject=subject,
            detail=f"{state}: {reason}",
            at_ms=services.now_ms(),
        )


def mark(services: Services, account: Account, body: str, month: str, reason: str) -> None:
    """Mark the first month that counts otherwise.

    Raises:
        UnknownBody, TableRefused, TextRefused
    """
    if body not in templates():
        raise UnknownBody
    if not MONTH.fullmatch(month):
        raise TableRefused(Wrong("month", "month"))
    if not reason.strip():
        raise TableRefused(Wrong("reason", "reason"))
    free_text.check({"reason": reason})
    values = {
        "body": body,
        "month": month,
        "reason": reason.strip(),
        "marked_by": account.username,
        "marked_ms": services.now_ms(),
    }
    with services.state.begin() as connection:
        if not repository.mark(connection, values):
            raise TableRefused(Wrong("month", "there"))
        subject = f"judicial/break/{body}/{month}"
        audit.record(
            connection,
            by=account.actor,
            action="judicial.mark-break",
            subject=subject,
            detail=reason,
            at_ms=services.now_ms(),
        )
