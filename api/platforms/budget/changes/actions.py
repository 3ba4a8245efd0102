"""Add up a year's changes, and note which case of the law the office holds one to be."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from api import audit
from api.accounts.records import Account
from api.platforms.budget.changes import repository
from api.platforms.budget.changes.records import (
    CODE,
    LONGEST_NOTE,
    MOST_CODES,
    TRIGGERS,
    Asked,
    Cumulated,
    Found,
    changes,
    cumulated,
    of_all,
    of_item,
    of_unit,
    proposed,
)
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

LONGEST_SUBJECT = 100
"""Signs of a document's number in the audit."""
NOTHING = Cumulated("", "", "", 0, 0, 0, 0, 0, 0, 0)


class UnknownChange(Declared):
    """No change of this document or number stands in the year."""

    status = 404
    words = "budget.changes.unknown"


class DecidedMeanwhile(Declared):
    """Somebody decided first."""

    status = 409
    words = "budget.changes.meanwhile"


def found(services: Services, asked: Asked) -> Found:
    """A year; items are those that a shift touched, of the unit that was asked for."""
    with services.state.read() as connection:
        years = repository.years(connection)
        keys = repository.keys(connection)
        year = int(asked.year) if asked.year else next(iter(years), None)
        if year is None:
            return Found(None, (), NOTHING, (), (), (), keys, (), (), {}, {})
        rows = repository.adjustments(connection, year)
        lines = repository.lines(connection, year)
        decisions = repository.decisions(connection, year)
        terms = repository.terms(connection, year)
        names, projects = repository.names(connection, year)
    whole = next(iter(cumulated(lines, rows, of_all)), NOTHING)
    items = [of for of in cumulated(lines, rows, of_item) if of.moves]
    return Found(
        year=year,
        years=years,
        whole=whole,
        by_unit=[of for of in cumulated(lines, rows, of_unit) if of.net or of.moves or of.differs],
        items=[of for of in items if not asked.unit or of.unit == asked.unit],
        changes=changes(rows, decisions),
        keys=keys,
        proposed=proposed(lines, whole, keys),
        terms=terms,
        names=names,
        projects=projects,
    )


def decide(
    services: Services,
    account: Account,
    year: int,
    change: str,
    triggers: Collection[str],
    note: str,
    seen: int,
) -> int:
    """Note which cases of 预算法 art. 67 a change is, none where it is no adjustment; the id.
    ``seen`` is the id of the decision that the person saw, 0 where there was none.

    Raises:
        UnknownChange, DecidedMeanwhile
        NotAccepted: a case is none of the law's, or the note is missing or long.
    """
    unknown, said = set(triggers) - set(TRIGGERS), note.strip()
    if unknown:
        remedy = f"give {', '.join(TRIGGERS)}, or none"
        raise NotAccepted(Fault("triggers", "is no case of the law", remedy), "triggers")
    if not said or len(said) > LONGEST_NOTE or "\0" in said:
        remedy = f"say why in {LONGEST_NOTE} signs at most"
        raise NotAccepted(Fault("note", "is missing or long", remedy), "note", most=LONGEST_NOTE)
    now = services.now_ms()
    with services.state.begin() as connection:
        if change not in {of.change for of in repository.adjustments(connection, year)}:
            raise UnknownChange(f"no change {change[:40]} of {year} stands")
        last = repository.decisions(connection, year).get(change)
        if (last.id if last else 0) != seen:
            raise DecidedMeanwhile(f"change {change[:40]} was decided meanwhile; read it again")
        chosen = [of for of in TRIGGERS if of in triggers]
        decided = repository.decide(connection, year, change, chosen, said, account.actor, now)
        detail = {"year": year, "triggers": chosen, "note": said}
        audit.record(
            connection,
            by=account.actor,
            action="budget.decide-change",
            subject=change[:LONGEST_SUBJECT],
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now,
        )
    return decided


def save_keys(services: Services, account: Account, text: str, seen: int) -> tuple[str, ...]:
    """Keep codes of functions, apart by blanks, commas or lines, as key expenditure. ``seen`` is
    the id of the list that the person saw.

    Raises:
        DecidedMeanwhile
        NotAccepted: something is no code, or they are too many.
    """
    codes = tuple(dict.fromkeys(of for of in re.split(r"[\s,，、;；]+", text) if of))
    wrong = [of for of in codes if not re.fullmatch(CODE, of, re.ASCII)]
    if wrong or len(codes) > MOST_CODES:
        fault = Fault("codes", f"{' '.join(wrong)[:60]!r}", "give codes of 3 to 7 digits")
        said = " ".join(wrong)[:60] or str(len(codes))
        raise NotAccepted(fault, "codes", said=said, most=MOST_CODES)
    now = services.now_ms()
    with services.state.begin() as connection:
        if repository.keys(connection).id != seen:
            raise DecidedMeanwhile("the list was changed meanwhile; read it again")
        repository.save_keys(connection, codes, account.actor, now)
        audit.record(
            connection,
            by=account.actor,
            action="budget.key-functions",
            subject="keys",
            detail=" ".join(codes),
            at_ms=now,
        )
    return codes
