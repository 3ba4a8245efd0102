"""A hearing with free seats, and a trial that a deputy attended and has not commented on."""

from __future__ import annotations

from datetime import date, timedelta

from api.platforms.judicial.hearings.actions import announcing, attending, seating
from api.platforms.judicial.hearings.procedure import OWN, PROCEDURE
from api.platforms.judicial.hearings.records import Asked
from api.services import Services
from qingyuan.demo.hands import (
    CLERK,
    COURT,
    DEPUTY,
    NEIGHBOUR,
    PROCURATORATE,
    account,
    on_day,
    take,
    today,
)

_HEARING = {
    "kind": "hearing",
    "title": "河道污染类公益诉讼案件公开听证",
    "matter": "听取各方对生态修复方案的意见，请代表了解听证程序。",
    "location": "区人民检察院听证室",
    "link": "",
    "openness": "open",
    "closed_why": "",
    "seats": "2",
}
_TRIAL = {
    "kind": "trial",
    "title": "旁听一起劳动报酬纠纷庭审",
    "matter": "了解简易程序的适用和庭审秩序。",
    "location": "区人民法院第三法庭",
    "link": "",
    "openness": "open",
    "closed_why": "",
    "seats": "2",
}
_AHEAD, _HELD_BEFORE = timedelta(days=12), timedelta(days=12)
_ANNOUNCED_BEFORE, _ALLOTTED_BEFORE = timedelta(days=15), timedelta(days=8)
"""Before the day of the trial."""
_DECIDED_AFTER = timedelta(days=7)


def begin_hearings(services: Services) -> None:
    """Announce both, and bring the trial to its end, unless they are there from before."""
    _, found = announcing.listed(services, account(services, CLERK), Asked())
    if found.total:
        return
    day = today(services)
    made = announcing.make(
        services,
        account(services, PROCURATORATE),
        {**_HEARING, **_times(day + _AHEAD)},
    )
    _step(services, PROCURATORATE, made, "announce")
    _attended(services, day - _HELD_BEFORE)


def _times(day: date) -> dict[str, str]:
    return {"from": f"{day}T09:00", "until": f"{day}T11:00"}


def _attended(services: Services, day: date) -> None:
    before = on_day(services, day - _ANNOUNCED_BEFORE)
    made = announcing.make(before, account(before, COURT), {**_TRIAL, **_times(day)})
    _step(before, COURT, made, "announce")
    seats = {of: seating.ask(before, account(before, of), made) for of in (DEPUTY, NEIGHBOUR)}
    allotted = on_day(services, day - _ALLOTTED_BEFORE)
    _step(allotted, CLERK, made, "allot")
    for username, seat in seats.items():
        take(allotted, OWN, username, seat, "confirm")
        seating.done(allotted, seat)
    there = on_day(services, day)
    row = announcing.seen(there, account(there, COURT), made)
    came = [of.number for of in attending.guests(there, row["id"])]
    attending.enter(there, account(there, COURT), row, came, ())
    announcing.done(on_day(services, day, hours=3), made)
    decided = day + _DECIDED_AFTER
    given = {"outcome": "judgment", "day": decided.isoformat()}
    _step(on_day(services, decided), COURT, made, "note-outcome", **given)


def _step(services: Services, username: str, item_id: str, step: str, **given: str) -> None:
    take(services, PROCEDURE, username, item_id, step, **given)
    announcing.done(services, item_id)
