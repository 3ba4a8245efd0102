"""A survey for the public by its link: no account, no script, one answer a browser."""

from __future__ import annotations

import hashlib
import secrets

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.limits import Client, FailureMeter
from api.authentication.requests import SameOrigin, count_unknown
from api.ballots import wording as ballots
from api.ballots.refusals import AnsweredBefore, BoxClosed, NotTaken, UnknownPoll
from api.ballots.wording import Screen
from api.bodies import larger
from api.platforms.duty.surveys.actions import answering as actions
from api.platforms.duty.surveys.pages import filling
from api.platforms.duty.surveys.pages.filling import Sent
from api.platforms.duty.surveys.records import Survey
from api.services import Services, ServicesOf
from api.web.caches import cache
from api.web.rendering import page
from config.vocabulary.time import DAY_MS, MINUTE_MS, day_of

router = APIRouter(prefix="/s", include_in_schema=False)
HEADERS = {"X-Robots-Tag": "noindex, nofollow"}
MOST_AT_ONCE, SPAN_MS = 60, 10 * MINUTE_MS
"""Answers of one address, behind which a whole office or village may sit."""


class LinkMeter(FailureMeter):
    """How many answers came from each address of late, in the memory of a process."""

    def __init__(self) -> None:
        super().__init__(MOST_AT_ONCE, SPAN_MS)


@router.get("/{token}", response_class=HTMLResponse)
def survey(token: str, request: Request, services: ServicesOf) -> HTMLResponse:
    """The first screen, or that it has ended or was answered."""
    found = _found(request, services, token)
    if not found.poll.takes_answers(day_of(services.now_ms())):
        return _over(request, services, found, "ended")
    if actions.answered_by(services, found, _browser(request, services, found)):
        return _over(request, services, found, "thanks")
    return _shown(request, services, found, ballots.screen(services.words, found.poll.form, {}, 1))


@router.post("/{token}", dependencies=[SameOrigin], response_model=None)
@larger(filling.MOST_BYTES)
def answer(token: str, sent: Sent, request: Request, services: ServicesOf) -> Response:
    """The next screen, the one before, or the answers."""
    found = _found(request, services, token)
    words, form = services.words, found.poll.form
    turned = filling.turned(words, form, sent)
    if turned.screen is not None:
        said = words("duty.survey.wrong-some", n=turned.wrong) if turned.wrong else ""
        return _shown(
            request, services, found, turned.screen, said, status=422 if turned.wrong else 200
        )
    last = ballots.screen(words, form, turned.answers, 99)
    if wait_ms := _counted(request, services):
        span = services.wording.duration(wait_ms)
        said = words("duty.survey.wrong-many-tries", span=span)
        return _shown(request, services, found, last, said, status=429)
    secret = _secret(request, services, token) or secrets.token_urlsafe(16)
    try:
        actions.answer_by_link(services, found, _hashed(secret, found), turned.answers)
    except (AnsweredBefore, NotTaken):
        return RedirectResponse(f"/s/{token}", 303)
    except BoxClosed as refused:
        return _shown(
            request, services, found, last, refused.said(words), status=refused.status_code
        )
    done = RedirectResponse(f"/s/{token}", 303)
    _give(request, services, done, token, secret)
    return done


def _found(request: Request, services: Services, token: str) -> Survey:
    found = actions.by_link(services, token)
    if found is None:
        count_unknown(request)
        raise UnknownPoll("unknown link of a survey")
    return found


def _counted(request: Request, services: Services) -> int:
    """Count an answer; how long somebody has to wait who gives too many, ms."""
    meter, now_ms = cache(request, LinkMeter), services.now_ms()
    address = Client.of(request.client.host if request.client else None, "").address
    wait_ms = meter.wait_ms(address, now_ms)
    if not wait_ms:
        meter.add(address, 1, now_ms)
    return wait_ms


def _browser(request: Request, services: Services, survey: Survey) -> str:
    return _hashed(_secret(request, services, survey.poll.token), survey)


def _secret(request: Request, services: Services, token: str) -> str:
    return request.cookies.get(services.public.cookie_of(_purpose(token)), "")[:64]


def _purpose(token: str) -> str:
    """Each survey has a cookie of its own."""
    return f"survey_{hashlib.sha256(token.encode()).hexdigest()[:16]}"


def _hashed(secret: str, survey: Survey) -> str:
    """Of each survey another one, so that nobody sees which were answered by the same browser."""
    return hashlib.sha256(f"{survey.poll.token} {secret}".encode()).hexdigest()


def _give(request: Request, services: Services, answer: Response, token: str, secret: str) -> None:
    """A browser gets its mark with its answer, and none before."""
    services.public.give(request, answer, _purpose(token), secret, 366 * DAY_MS // 1000)


def _shown(
    request: Request,
    services: Services,
    survey: Survey,
    screen: Screen,
    wrong: str = "",
    *,
    status: int = 200,
) -> HTMLResponse:
    found = page(
        request,
        services.words,
        "duty/survey_answer.html",
        survey=survey,
        screen=screen,
        wrong=wrong,
        action=f"/s/{survey.poll.token}",
        lines=(),
        kept=False,
        previewed=False,
    )
    found.status_code = status
    found.headers.update(HEADERS)
    return found


def _over(request: Request, services: Services, survey: Survey, said: str) -> HTMLResponse:
    found = page(
        request,
        services.words,
        "duty/survey_over.html",
        survey=survey,
        thanks=said == "thanks",
    )
    found.headers.update(HEADERS)
    return found
