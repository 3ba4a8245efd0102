"""See the descriptions of departments' tables, and change one: a version each, and its row of the
audit in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from api import audit
from api.accounts.records import Account
from api.audit import CENTRE
from api.platforms.budget.departments import repository
from api.platforms.budget.departments.records.descriptions import (
    DEPARTMENTS,
    Description,
    checked,
    kind_name,
    resting,
)
from api.platforms.budget.departments.repository import Version
from api.services import Services
from api.web.declared import Declared


class UnknownDepartment(Declared):
    """None of the sixteen has this id."""

    status = 404
    words = "budget.departments.unknown"


class ChangedMeanwhile(Declared):
    """Somebody changed the description first."""

    status = 409
    words = "budget.departments.changed"


def versions(services: Services, department: str) -> Sequence[Version]:
    """All versions of a description, the newest first.

    Raises:
        UnknownDepartment
    """
    if department not in DEPARTMENTS:
        raise UnknownDepartment(f"no department {department!r} sends tables")
    with services.state.read() as connection:
        return repository.versions(connection, department)


def describe(
    services: Services, account: Account, given: Description, version: int, why: str
) -> Version:
    """Write another version of a description, of which ``version`` was seen.

    Raises:
        UnknownDepartment, ChangedMeanwhile
        NotDescribed: it does not hang together, or rows in force rest on what it changes.
    """
    before, now_ms = versions(services, given.department)[0], services.now_ms()
    after = checked(given)
    with services.state.begin() as connection:
        newest = repository.versions(connection, given.department)[0]
        if newest.version != version:
            raise ChangedMeanwhile(f"version {newest.version} is in force; read it again")
        if after == before.description:
            return before
        if repository.rests_any(connection, kind_name(given.department)):
            resting(before.description, after)
        repository.keep_first(connection, given.department, CENTRE, now_ms)
        repository.keep(connection, after, version + 1, account.actor, why, now_ms)
        audit.record(
            connection,
            by=account.actor,
            action="budget.describe-table",
            subject=given.department,
            detail=json.dumps({"version": version + 1, "why": why}, ensure_ascii=False),
            at_ms=now_ms,
        )
    return Version(after, version + 1, now_ms, account.actor.who, why)
