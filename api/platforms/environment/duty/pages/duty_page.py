"""The common parts of every page of the duty calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.duty.calendar import Calendar, Shift
from alerting.duty.records import Entry
from alerting.duty.repository import ChangedMeanwhile, UnknownPosition
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.duty import actions, wording
from api.platforms.environment.duty.records import Short
from api.platforms.environment.duty.wording import Saying, name_of
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import DAY_MS, day_of

ADDRESS = "/duty"
LISTED_MS = 62 * DAY_MS
"""So far ahead shifts are listed."""
LONGEST_TURN_MS = 8 * DAY_MS
Asked = Annotated[Short, Query()]
Answer = HTMLResponse | RedirectResponse


class DutyPage:
    """Calendars, names and words, read once a request."""

    def __init__(self, request: Request, services: Services, account: Account) -> None:
        self.request, self.services, self.account = request, services, account
        self.now_ms = services.now_ms()
        self.today = date.fromisoformat(day_of(self.now_ms))
        self.calendars = services.duty.calendars()
        self.who_can = actions.people(services)
        named = sorted(set(wording.usernames(self.calendars.values())))
        names = {**self.who_can.names, **People(services.state).names(named)}
        self.saying = Saying(services.words, names, self.now_ms)

    def find(self, position: str) -> Calendar:
        """The calendar of a position."""
        found = self.calendars.get(position)
        if found is None:
            raise HTTPException(404, f"unknown position {position!r}")
        return found

    def kept(self) -> list[Calendar]:
        """Positions that are kept now or will be."""
        return [of for of in self.calendars.values() if of.lives(self.now_ms)]

    def ahead(self, calendar: Calendar) -> list[Shift]:
        """The shifts of the weeks ahead, each to its own end."""
        end_ms = self.now_ms + LISTED_MS
        found = calendar.shifts(self.now_ms, end_ms + LONGEST_TURN_MS)
        return [shift for shift in found if shift.from_ms < end_ms]

    def shown(self, template: str, **values: Any) -> HTMLResponse:
        """A page."""
        return page(
            self.request,
            self.services.words,
            f"environment/{template}",
            **frame(self.request, self.services, self.account),
            saying=self.saying,
            name_of=name_of,
            today=self.today,
            people=list(self.who_can.on(self.now_ms).items()),
            **values,
        )

    def said(self, refused: NotAccepted) -> dict[str, str]:
        """The words of a refusal, by field."""
        values = dict(refused.values)
        if "who" in values:
            values["who"] = self.saying.person(str(values["who"]))
        words = self.services.words(f"duty.wrong-{refused.key}", **values)
        return {refused.faults[0].where: words}

    def done(
        self,
        done: str,
        act: Callable[[], Entry],
        again: Callable[[DutyPage, Mapping[str, str]], HTMLResponse],
        month: str = "",
    ) -> Answer:
        """Act, and lead to the month with what was done, or to the form with what is wrong."""
        try:
            entry = act()
        except UnknownPosition as error:
            raise HTTPException(404, str(error)) from error
        except ChangedMeanwhile as first:
            # With the calendar as it is now: the next time the person has seen it.
            anew = DutyPage(self.request, self.services, self.account)
            answer = again(anew, {"seen": self.services.words("duty.wrong-first", who=first.by)})
            answer.status_code = 409
            return answer
        except NotAccepted as refused:
            answer = again(self, self.said(refused))
            answer.status_code = 422
            return answer
        query = urlencode({"position": entry.position, "month": month, "done": done})
        return RedirectResponse(link(self.request, f"{ADDRESS}?{query}"), 303)


def _seeing(
    request: Request,
    services: ServicesOf,
    account: Annotated[Account, require(EnvironmentPermission.SEE_DUTY)],
) -> DutyPage:
    return DutyPage(request, services, account)


def _managing(
    request: Request,
    services: ServicesOf,
    account: Annotated[Account, require(EnvironmentPermission.MANAGE_DUTY)],
) -> DutyPage:
    return DutyPage(request, services, account)


Seeing = Annotated[DutyPage, Depends(_seeing)]
Managing = Annotated[DutyPage, Depends(_managing)]
