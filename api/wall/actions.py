"""Gather what the wall shows: from every platform its own numbers, and from none a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from alerting.alert import Alert, State
from api import items
from api.accounts.records import Account, Secrecy
from api.cases.permission import CasePermission
from api.cases.register import actions as cases
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations.actions import heard
from api.services import Services
from api.shape import Platform, no_figures
from api.wall import repository
from api.wall.permission import WallPermission
from api.wall.records import (
    MARKS,
    MOST_ALERTS,
    Board,
    Cases,
    NewestCase,
    Overdue,
    Panel,
    Spot,
    Standing,
    gravest_first,
    mark_of,
)
from api.web.asking import Askers


def board(
    askers: Askers, roster: Sequence[Platform], services: Services, account: Account
) -> Board:
    """The wall as an account sees it. A platform that fails, or is slow, is named, and keeps
    nothing else away.
    """
    questions = {
        platform.slug: partial(platform.figures, services, account)
        for platform in roster
        if platform.figures is not no_figures
    }
    answers = askers.ask_all(questions)
    found = services.alerts.listing(state=State.FIRING)
    firing = gravest_first(kept.alert for kept in found)
    return Board(
        spots=_spots(services, firing),
        alerts=[_said(services, account, alert) for alert in firing[:MOST_ALERTS]],
        alert_count=len(firing),
        polluted=len({alert.station for alert in firing if alert.about == "pollution"}),
        panels=[Panel(slug, figures) for slug, figures in answers.given.items() if figures],
        silent=[*answers.silent, *answers.late],
        overdue=services.shared.get(
            ("wall.overdue", account.username, account.reaches),
            services.moment,
            partial(_overdue, roster, services, account),
        ),
        cases=_cases(services, account),
    )


def _spots(services: Services, firing: Sequence[Alert]) -> list[Spot]:
    known = services.shared.get(("stations heard",), services.moment, lambda: heard(services))
    alerts: dict[str, list[Alert]] = {}
    for alert in firing:
        alerts.setdefault(alert.station, []).append(alert)
    return [
        Spot(station, mark_of(alerts.get(station.id, ()), heard=known[station.id]))
        for station in services.catalogue.stations.values()
    ]


def _said(services: Services, account: Account, alert: Alert) -> Standing:
    said = services.wording.sentences(alert, services.now_ms())
    subject = services.catalogue.subjects[alert.station]
    opens = account.may(EnvironmentPermission.SEE_ALERTS)
    return Standing(
        id=alert.id,
        mark=MARKS[alert.level],
        level=said.level,
        text=services.words("wall.alert", station=subject.name, rule=said.rule_name),
        began_ms=alert.began_ms,
        path=f"/environment/alerts/{alert.id}" if opens else "",
    )


def _overdue(roster: Sequence[Platform], services: Services, account: Account) -> list[Overdue]:
    """In the order of the menu, of the things that somebody sees: a number would tell that there
    are others.
    """
    known = {of.slug for reach in account.reaches for of in reach.permissions}
    with services.state.read() as connection:
        late = repository.overdue(connection, known, services.now_ms())
    seen = {
        of
        for of in {thing for thing, _ in late}
        if items.read(roster, services, account, of) is not None
    }
    days = {
        platform.slug: [day for of, day in late if of in seen and of.platform == platform.slug]
        for platform in roster
    }
    return [Overdue(slug, len(of), of[0]) for slug, of in days.items() if of]


def _cases(services: Services, account: Account) -> Cases | None:
    if not account.may(CasePermission.SEE):
        return None
    everybody = min((of.secrecy for of in services.roles.having(WallPermission.SEE)), default=0)
    row, hidden = cases.newest(services, account, Secrecy(everybody))
    if row is None:
        return Cases(None, hidden)
    path = f"/cases/{row['id']}"
    return Cases(NewestCase(row["number"], row["title"], path, row["opened_ms"]), hidden)
