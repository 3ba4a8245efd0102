"""A procedure for each kind of matter, made of the rows of ``data/kinds.toml``. All of them share
one table, and each sees the matters of its own kind alone.

The terms before a meeting are of 监督法 art. 15. For the answer the law has no number of days: it
is due by the day that the resolution sets (art. 17), and where it sets none there is no term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.judicial import free_text
from api.platforms.judicial.matters import repository
from api.platforms.judicial.matters.records import (
    CLAUSE,
    COUNT,
    KIND,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    RATINGS,
    Begun,
    Hand,
    Kind,
    Line,
    Sort,
    StepRow,
    kinds,
    least_cases,
)
from api.platforms.judicial.matters.tables import MATTER, marks_of
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.refusals import FieldRefused
from api.procedures.procedure import (
    Also,
    Given,
    Need,
    Procedure,
    Row,
    Starts,
    State,
    Step,
    nothing_against,
)

_PERMISSIONS: Mapping[Hand, JudicialPermission] = {
    "office": JudicialPermission.CHECK,
    "committee": JudicialPermission.DECIDE,
    "body": JudicialPermission.SUBMIT,
}
_WRITTEN: Mapping[Sort, tuple[str, str]] = {
    "group": ("group", "members"),
    "finding": ("clause", "finding"),
}
"""Needs with the label and the text of a line."""
_OWN = {
    *("requests", "report", "plan", "class_of", "problem", "decided", "opinions", "answer"),
    *("evaluated", "further"),
}
_NAMES = {"meeting", "law", "period", "opinions_of", "basis", "decided_meeting"}
_NAMES |= {"evaluated_meeting"}
_DAYS = {"meeting_day", "report_day", "from_day", "until_day", "decided_day", "answer_day"}
_DAYS |= {"answered_day", "evaluated_day"}
_NEEDS: Mapping[str, Need] = {
    "title": Need("title", longest=LONGEST_TITLE, column="title"),
    "unit": Need("unit", kind="unit", column="unit"),
    "why": Need("why"),
    "handled": Need("handled", longest=LONGEST_TEXT),
    "comment": Need("comment", longest=LONGEST_TEXT),
    "cases": Need("cases", longest=6, column="cases"),
    "rating": Need("rating", kind="choice", choices=RATINGS, column="rating"),
    "group": Need("group", longest=LONGEST_NAME),
    "members": Need("members"),
    "clause": Need("clause", longest=LONGEST_NAME),
    "finding": Need("finding", longest=LONGEST_TEXT),
    **{name: Need(name, kind="file", column=name) for name in ("draft", "final", "paper")},
    **{name: Need(name, longest=LONGEST_TEXT, column=name) for name in _OWN},
    **{name: Need(name, longest=LONGEST_NAME, column=name) for name in _NAMES},
    **{name: Need(name, kind="date", column=name) for name in _DAYS},
}


class MatterRefused(FieldRefused):
    """It is no clause, no number of cases, a single case, or a body of which nobody answers."""

    words = "judicial.matters.wrong-"


def responsible(hand: Hand, row: Row) -> Responsible:
    """Those who act as a hand in a matter."""
    return Responsible(row["unit"] if hand == "body" else "", _PERMISSIONS[hand])


def check(given: Given) -> None:
    """Hold what was given with a step against the rules of the platform.

    Raises:
        TextRefused: a text names somebody or a case.
        MatterRefused
    """
    files = [name for name, need in _NEEDS.items() if need.kind == "file"]
    free_text.check({name: of for name, of in given.items() if name not in files})
    if "cases" in given:
        least = least_cases()
        if not COUNT.fullmatch(given["cases"]):
            raise MatterRefused("cases", "count", "give a whole number")
        if int(given["cases"]) < least:
            remedy = f"supervision is of a class of {least} cases or more, never of one case"
            raise MatterRefused("cases", "single", remedy, least=least)
    if "clause" in given and not CLAUSE.search(given["clause"]):
        raise MatterRefused("clause", "clause", "name the article, such as 第十二条")


def _starts(begun: Begun) -> Starts:
    def where(row: Row) -> bool:
        still = not begun.within or row["state"] in begun.within
        return still and row[begun.day] is not None

    def start(row: Row) -> date | None:
        found: date | None = row[begun.day]
        return found

    return Starts(begun.rule, partial(responsible, begun.who), where, start)


def _also(of: StepRow) -> Also | None:
    if of.writes is None:
        return None
    sort, (label, text) = of.writes, _WRITTEN[of.writes]

    def do(connection: Connection, row: Row, given: Given) -> None:
        repository.add_line(connection, row["id"], Line(sort, given[label], given[text]))

    def undo(connection: Connection, row: Row, _given: Given) -> None:
        repository.drop_line(connection, row["id"], sort)

    return Also(do, undo)


def _allowed(of: StepRow) -> Callable[[Connection, Row, int], str]:
    if of.wants is None:
        return nothing_against
    sort = of.wants

    def allowed(connection: Connection, row: Row, _at_ms: int) -> str:
        written = repository.lines(connection, row["id"])
        return "" if any(line.sort == sort for line in written) else f"no-{sort}"

    return allowed


def _step(of: StepRow) -> Step:
    needs = [_NEEDS[name] for name in of.needs]
    needs += [replace(_NEEDS[name], required=False) for name in of.optional]
    return Step(
        name=of.name,
        sources=of.sources,
        to=of.to,
        permission=_PERMISSIONS[of.by],
        needs=tuple(needs),
        happened=of.happened,
        allowed=_allowed(of),
        obstacles=(f"no-{of.wants}",) if of.wants else (),
        starts=tuple(_starts(begun) for begun in of.starts),
        ends=of.ends,
        cancels=of.cancels,
        tells=tuple(partial(responsible, hand) for hand in of.tells),
        also=_also(of),
        awaited=of.awaited,
    )


def _procedure(kind: Kind) -> Procedure:
    return Procedure(
        platform="judicial",
        kind=KIND,
        words="judicial.matter",
        table=MATTER,
        marks=marks_of(kind.id),
        see=JudicialPermission.SEE,
        texts=check,
        mends=JudicialPermission.DECIDE,
        title=lambda row: row["title"],
        path=lambda row: f"/judicial/matters/{row['kind']}/{row['id']}",
        states=tuple(State(of.name, closed=of.closed) for of in kind.states),
        steps=tuple(_step(of) for of in kind.steps),
    )


PROCEDURES: Mapping[str, Procedure] = {name: _procedure(kind) for name, kind in kinds().items()}
"""By kind of matter."""
