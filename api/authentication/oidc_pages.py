"""A government's own sign-in on pages: there and back, and an identity bound to an account."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.identities import BelongsToAnother, bind
from api.accounts.limits import TooManyAttempts
from api.accounts.oidc.provider import ProviderAway
from api.accounts.oidc.relying_party import CALLBACK, JOURNEY_S, RelyingParty, Subject, Unfinished
from api.accounts.records import Account
from api.accounts.repositories.identities import Identities, Identity
from api.accounts.sign_in import SignInRefused
from api.authentication.pages import form, name_of_second_way
from api.authentication.requests import (
    SameOrigin,
    SignedIn,
    account_of,
    asked_to_wait,
    inside,
    let_in,
    signing_in_of,
    visitor_of,
)
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.rendering import page

JOURNEY = "oidc"
BELOW = "/sign-in/oidc"
MOST_OF_USERNAME = 40
STATUS = {"expired": 400, "declined": 400, "untrue": 502, "weak": 403}

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)


class WhileActing(Declared):
    """Somebody who acts for another would change that person's account."""

    status = 403
    words = "error.while-acting"


def _second_way(services: ServicesOf) -> RelyingParty:
    if services.relying_party is None:
        raise HTTPException(404)
    return services.relying_party


def _own_account(account: SignedIn) -> Account:
    if account.clerk:
        raise WhileActing("end acting for another person first")
    return account


SecondWay = Annotated[RelyingParty, Depends(_second_way)]
OwnAccount = Annotated[Account, Depends(_own_account)]


@router.get(BELOW)
def leave(request: Request, services: ServicesOf, party: SecondWay, to: str = "/") -> Response:
    """Go to the provider, to sign in there."""
    return _sent(request, services, party, to, "")


@router.get(f"{BELOW}/binding")
def leave_to_bind(
    request: Request, services: ServicesOf, account: OwnAccount, party: SecondWay, to: str = "/"
) -> Response:
    """Go to the provider, to bind the identity there to the account here."""
    return _sent(request, services, party, to, account.username)


@router.get(CALLBACK)
def come_back(request: Request, services: ServicesOf, party: SecondWay) -> Response:
    """Take the provider's answer: open a session, or ask whether to bind."""
    now_ms = services.now_ms()
    journey = party.journey(request.cookies.get(services.public.cookie_of(JOURNEY)), now_ms)
    to = journey.to if journey else "/"
    try:
        subject = party.finish(journey, request.query_params, now_ms)
    except ProviderAway as error:
        return _away(request, services, error, to)
    except Unfinished as error:
        log.warning("a sign-in at %s %s", party.issuer, error)
        said = _said(services, error.reason)
        shown = form(request, services, to=to, wrong=said, status=STATUS[error.reason])
        return _forgotten(services, shown)
    answer = (_asked if subject.binds else _let_in)(request, services, party, subject, to)
    return _forgotten(services, answer)


def _sent(
    request: Request, services: Services, party: RelyingParty, to: str, binds: str
) -> Response:
    try:
        url, cookie = party.begin(inside(to), services.now_ms(), binds)
    except ProviderAway as error:
        return _away(request, services, error, to)
    answer = RedirectResponse(url, 303)
    services.public.give(request, answer, JOURNEY, cookie, JOURNEY_S)
    return answer


def _let_in(
    request: Request, services: Services, _: RelyingParty, subject: Subject, to: str
) -> Response:
    username = Identities(services.state).username_of(subject.issuer, subject.subject)
    signing_in, now_ms = signing_in_of(request), services.now_ms()
    token = ""
    if username is None:
        signing_in.turn_away(visitor_of(request, subject.subject[:MOST_OF_USERNAME]), now_ms)
    else:
        with suppress(SignInRefused):
            token = signing_in.admit(visitor_of(request, username), now_ms)
    if not token:
        said = _said(services, "unbound", subject=subject.subject)
        return form(request, services, to=to, wrong=said, status=403)
    answer = RedirectResponse(to, 303)
    let_in(request, answer, token)
    return answer


def _away(request: Request, services: Services, error: ProviderAway, to: str) -> Response:
    log.warning("%s", error)
    return form(request, services, to=to, wrong=_said(services, "away"), status=503)


def _said(services: Services, reason: str, **values: str) -> str:
    name = name_of_second_way(services)
    return services.words(f"sign-in.elsewhere-{reason}", name=name, **values)


def _forgotten(services: Services, answer: Response) -> Response:
    services.public.take(answer, JOURNEY)
    return answer


def _asked(
    request: Request, services: Services, party: RelyingParty, subject: Subject, to: str
) -> Response:
    account = account_of(request)
    if account is None or account.username != subject.binds:
        said = _said(services, "expired")
        return form(request, services, to=to, wrong=said, status=400)
    return _question(request, services, party, subject, to)


def _question(
    request: Request,
    services: Services,
    party: RelyingParty,
    subject: Subject,
    to: str,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The page on which a person sees whose identity it is, before it opens the account."""
    shown = page(
        request,
        services.words,
        "bind_identity.html",
        site=services.catalogue.site,
        name=name_of_second_way(services),
        subject=subject,
        sealed=party.sealed(subject, services.now_ms()),
        to=to,
        wrong=wrong,
    )
    shown.status_code = status
    return shown


@router.post(f"{BELOW}/binding", dependencies=[SameOrigin])
def bind_identity(
    request: Request,
    services: ServicesOf,
    account: OwnAccount,
    party: SecondWay,
    sealed: Annotated[str, Form(max_length=4000)],
    password: Annotated[str, Form(max_length=200)],
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Let the identity open the account from now on; the password is asked for once more."""
    now_ms = services.now_ms()
    subject = party.unsealed(sealed, now_ms)
    if not isinstance(subject, Subject) or subject.binds != account.username:
        said = _said(services, "expired")
        return form(request, services, to=to, wrong=said, status=400)
    headers: dict[str, str] = {}
    try:
        signing_in_of(request).confirm(visitor_of(request, account.username), password, now_ms)
        identity = Identity(subject.issuer, subject.subject, account.username)
        bind(services.state, account.actor, identity, now_ms)
    except TooManyAttempts as error:
        status, (wrong, headers) = 429, asked_to_wait(services, error)
    except SignInRefused:
        status, wrong = 401, services.words("identity.wrong-password")
    except BelongsToAnother:
        status, wrong = 409, services.words("identity.of-another")
    else:
        return RedirectResponse(inside(to), 303)
    shown = _question(request, services, party, subject, inside(to), wrong, status)
    shown.headers.update(headers)
    return shown
