"""Count a month's alerts, and make last month's paper on the first working day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Level, State
from alerting.events.repository import Act, Events, Marked, Wanted
from alerting.notify.entries import Entry, Note
from alerting.notify.readers import Person
from alerting.notify.repository import Messages
from alerting.record.search import Criteria, counts, search
from alerting.wording.sentences import Sentences
from api.accounts.records import Account, Secrecy
from api.accounts.repositories.readers import Readers
from api.audit import CENTRE
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.environment.event_story import location_of, shown
from api.platforms.environment.month_report import wording
from api.platforms.environment.month_report.records import (
    Counted,
    Happened,
    Levels,
    Measured,
    Month,
    exceedances,
    month_of,
)
from api.platforms.environment.permission import EnvironmentPermission
from api.reports.actions import keep
from api.reports.records import CENTRE_NAME, Draft, Extent, Offered
from api.reports.repository import Reports
from api.shape import CoreServices
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, day_of
from ingest.store.protocol import Mean

MOST = 1_000_000
MOST_LISTED = wording.MOST_EVENTS
"""Only of these anybody reads the sentence."""
_IDS_AT_ONCE = 500


def suggested(means: Means, _account: Account) -> Month:
    """The month before this one."""
    return month_of(means.now_ms()).later(-1)


def freeze(means: Means, _account: Account, month: Month) -> Paper:
    """The month's paper. Alerts of the district are seen by whoever may see any.

    Raises:
        NotAccepted: the month has not begun.
    """
    if month.from_ms > means.now_ms():
        remedy = f"choose {month_of(means.now_ms()).month} or an earlier one"
        raise NotAccepted(Fault("month", "has not begun", remedy), "future")
    return wording.paper(means, counted(means, month))


def counted(means: Means, month: Month) -> Counted:
    """Everything that is counted in a month."""
    within = Criteria(from_ms=month.from_ms, until_ms=month.until_ms, order="newest")
    alerts = [of.alert for of in search(means.state, within, first=0, most=MOST).rows]
    steady = means.wording.steady()

    def said(alert: Alert) -> Sentences:
        return steady.sentences(alert, month.until_ms)

    return Counted(
        month,
        alerts,
        exceedances(alerts, said),
        _events(means, month, said),
        _levels(means, month.later(-1)),
        _levels(means, month.later(-12)),
        _measured(means, month),
        ended=month.until_ms <= means.now_ms(),
    )


def _events(means: Means, month: Month, said: Callable[[Alert], Sentences]) -> Sequence[Happened]:
    wanted = Wanted("officer", from_ms=month.from_ms, until_ms=month.until_ms)
    events = Events(means.state)
    with means.state.read() as connection:
        found, _ = events.listing(connection, wanted, first=0, most=MOST)
        ids = [of.event.id for of in found]
        alerts: dict[str, list[Alert]] = {}
        acts: dict[str, list[Act]] = {}
        for first, end in pairwise([*range(0, len(ids), _IDS_AT_ONCE), len(ids)]):
            alerts |= events.members(connection, ids[first:end])
            acts |= events.acts(connection, ids[first:end])
    rows = sorted(found, key=lambda of: (of.event.began_ms, of.event.id))
    silent = Sentences("", "", "", "", "", "", "")
    return [
        _happened(means, said if n < MOST_LISTED else lambda _: silent, of, alerts, acts)
        for n, of in enumerate(rows)
    ]


def _happened(
    means: Means,
    said: Callable[[Alert], Sentences],
    row: Marked,
    alerts: Mapping[str, Sequence[Alert]],
    acts: Mapping[str, Sequence[Act]],
) -> Happened:
    event = row.event
    members = alerts.get(event.id, ())
    alert = shown(members)
    kind = means.grouping.names.get(event.kind)
    valid = [of for of in members if of.state is not State.WITHDRAWN] or members
    answers = [
        of.at_ms
        for of in acts.get(event.id, ())
        if of.username and of.kind in ("acknowledged", "taken")
    ]
    return Happened(
        event,
        members,
        said(alert).summary if alert else "",
        means.words.name(kind) if kind else means.wording.kind(event.kind),
        location_of(means, event, list(dict.fromkeys(of.station for of in valid))),
        min(answers, default=None),
    )


def _levels(means: Means, month: Month) -> Levels | None:
    """The alerts of another month; None where nothing is kept of it."""
    within = Criteria(from_ms=month.from_ms, until_ms=month.until_ms)
    found = counts(means.state, within)
    return found if found or any(_means(means, month, _one_each(means))) else None


def _measured(means: Means, month: Month) -> Sequence[Measured]:
    over = [day for day in month.days() if day < day_of(means.now_ms())]
    stations = means.catalogue.stations
    series = {f"{of}/{row.code}": of for of in stations for row in means.catalogue.indicators(of)}
    heard: dict[str, set[str]] = {of: set() for of in stations}
    readings, good = dict.fromkeys(stations, 0), dict.fromkeys(stations, 0)
    for of in _means(means, month, list(series)):
        station = series[of.series]
        if of.samples:
            heard[station].add(day_of(of.begin_ms))
        readings[station] += of.samples
        good[station] += of.good
    return [
        Measured(of, readings[of], good[of], [day for day in over if day not in heard[of]])
        for of in stations
    ]


def _one_each(means: Means) -> Sequence[str]:
    """The first series of each station."""
    catalogue = means.catalogue
    rows = {of: catalogue.indicators(of) for of in catalogue.stations}
    return [f"{station}/{of[0].code}" for station, of in rows.items() if of]


def _means(means: Means, month: Month, series: Sequence[str]) -> Iterable[Mean]:
    """By day: a store is asked a little at a time, as others wait for it."""
    for from_ms in range(month.from_ms, min(month.until_ms, means.now_ms()), DAY_MS):
        yield from means.store.means(series, from_ms, from_ms + DAY_MS, 24)


def make_last_month(core: CoreServices) -> None:
    """The job: on the first working day of a month, or the next one on which the core runs, last
    month's paper is made, and officers are sent a message. Once for a month; none where nothing is
    kept of it.
    """
    today = date.fromisoformat(day_of(core.now_ms()))
    month = month_of(core.now_ms()).later(-1)
    if not core.working_days.day(today).working or _levels(core, month) is None:
        return
    parameters = msgspec.json.encode(month).decode()
    offered = Offered("environment", KIND)
    with core.state.read() as connection:
        if Reports(core.state).made(connection, offered, parameters, CENTRE_NAME) is not None:
            return
    paper = freeze(core, Account("", ""), month)
    extents = frozenset({Extent("", Secrecy.OPEN)})
    officers = [
        of for of in Readers(core.state, core.words.language).people(core.now_ms())
        if "officer" in of.roles
    ]  # fmt: skip
    with core.state.begin() as connection:
        snapshot = keep(core, connection, Draft(offered, parameters, paper, extents), CENTRE)
        for person in officers:
            _tell(core, connection, person, month, snapshot)


def _tell(
    core: CoreServices, connection: Connection, person: Person, month: Month, snapshot: int
) -> None:
    words = core.words.into(person.language)
    note = Note(
        wording.title(words, month),
        words("month-report.message", month=wording.month_said(words, month)),
        f"/reports/{snapshot}",
    )
    key = hashlib.sha256(f"month-report|{month.month}|{person.username}".encode()).hexdigest()[:32]
    entry = Entry(key, "note", Level.NOTICE, core.now_ms(), note, reader=person.username)
    Messages(core.state).post(connection, entry)


KIND = ReportKind(
    name="month-alerts",
    words="month-report.kind",
    permission=EnvironmentPermission.SEE_ALERTS,
    parameters=Month,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "month-alerts.docx",
    inputs={"month": "month"},
)
