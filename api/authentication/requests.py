"""The account of a request: the session cookie, and the accounts that may pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from api.accounts.credentials.known_browsers import LASTS_MS, KnownBrowsers
from api.accounts.factor import SecondFactor
from api.accounts.limits import Client, SignInLimits, TooManyAttempts
from api.accounts.permission import Permission
from api.accounts.records import Account, Stage
from api.accounts.roles import Role
from api.accounts.sign_in import SigningIn, Visitor, recognise, recognise_machine
from api.accounts.steps import Steps
from api.services import Services
from api.web import live_parts
from api.web.declared import Declared
from api.web.language import language_for
from api.web.public_address import PublicAddress
from config.catalogue.words import LanguageTag, Words

COOKIE_S = 180 * 86_400
"""The cookie outlives its session, so that we can say to whom it belongs that it has ended."""
MOST_OF_BROWSER = 300
"""Characters of what a browser calls itself."""
FOR_ALL: dict[str, Any] = {"security": []}
"""Of a route in the API's description: nobody needs to have signed in."""
WITHOUT_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no text that holds U+0000."""


class SignInFirst(Declared):
    """Nobody has signed in. On a page the answer leads to the sign-in page."""

    status = 401

    def __init__(self) -> None:
        super().__init__("sign in first: POST /api/v1/session")


class StepMissing(Declared):
    """A session waits for a step of signing in. On a page the answer leads to it."""

    status = 403

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"finish signing in: step {stage!r}, POST /api/v1/session/{stage}")
        self.stage = stage


class StepPassed(Declared):
    """No such step is waited for. On a page the answer leads on."""

    status = 409

    def __init__(self) -> None:
        super().__init__("this session waits for no step of signing in")


class PermissionMissing(Declared):
    """Somebody has signed in who may not do this; ``roles`` may."""

    status = 403
    words = "error.permission"

    def __init__(self, permission: Permission, roles: Sequence[Role]) -> None:
        having = " or ".join(role.id for role in roles) or "nobody: no role has it"
        super().__init__(f"permission {permission} is missing; sign in as {having}")
        self.permission, self.roles = permission, roles

    def said(self, words: Words) -> str:
        """With the names of both."""
        roles = words.listed(role.said(words) for role in self.roles)
        return words(self.words, permission=words(self.permission.words), roles=roles)


class BoundToTables(Declared):
    """A machine that is bound to tables asked for something else."""

    status = 403

    def __init__(self, tables: Sequence[str]) -> None:
        named = ", ".join(tables)
        super().__init__(f"this token sends {named} for the sources that name it, nothing else")


class NoDelegation(Declared):
    """Nobody has let this person act for them today."""

    status = 403
    words = "error.delegation"


class TooManyTokens(Declared):
    """Somebody asked with wrong tokens, of machines or of links, too often."""

    status = 429
    words = "event-link.many"

    def __init__(self, wait_ms: int) -> None:
        wait_s = math.ceil(wait_ms / 1000)
        super().__init__(f"too many wrong tokens; give one that stands, and wait {wait_s} s")
        self.headers = {"Retry-After": str(wait_s)}


class FromElsewhere(Declared):
    """A change was asked for by a page of another site."""

    status = 403
    words = "error.elsewhere"


def _public(request: Request) -> PublicAddress:
    services: Services = request.app.state.services
    return services.public


def token_of(request: Request) -> str:
    """The session's token that a browser sends; empty where it sends none."""
    return request.cookies.get(_public(request).cookie, "")


def account_of(request: Request) -> Account | None:
    """The account of a request's session, or of its bearer token on the API; looked for once a
    request. The session may still wait for a step of signing in.
    """
    if not hasattr(request.state, "account"):
        request.state.account = recognised(request, request.app.state.services)
        if request.state.account is None and _machine_secret(request) is not None:
            count_unknown(request)
    found: Account | None = request.state.account
    return found


def recognised(request: Request, services: Services) -> Account | None:
    """The same, looked for anew."""
    now_ms = services.now_ms()
    if (secret := _machine_secret(request)) is not None:
        return recognise_machine(services.state, services.roles, secret, now_ms)
    # A page that stands open asks by itself: that does not prolong a session.
    active = live_parts.HEADER not in request.headers and request.url.path != "/api/v1/live"
    token = token_of(request)
    return recognise(services.state, services.roles, token, now_ms, active=active)


def _machine_secret(request: Request) -> str | None:
    """The secret by which a machine asks the API; None where a person asks."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    asks = scheme.lower() == "bearer" and request.url.path.startswith("/api/")
    return secret.strip() if asks else None


def count_unknown(request: Request) -> None:
    """Slow an address with wrong secrets of machines, or links that are none of ours.

    Raises:
        TooManyTokens
    """
    state = request.app.state
    limits: SignInLimits = state.sign_in_limits
    try:
        limits.unknown_token(_client_of(request, ""), state.services.now_ms())
    except TooManyAttempts as error:
        raise TooManyTokens(error.wait_ms) from error


def language_of(request: Request) -> LanguageTag:
    """The language of the reader of a request."""
    account, site = account_of(request), request.app.state.services.words.language
    accepted = request.headers.get("accept-language", "")
    return language_for(account.language if account else "", accepted, site)


def _recognised(request: Request) -> Account:
    account = account_of(request)
    if account is None:
        raise SignInFirst
    if account.session and account.session.stage:
        raise StepMissing(account.session.stage)
    return account


def _signed_in(request: Request) -> Account:
    account = _recognised(request)
    if account.tables:
        raise BoundToTables(account.tables)
    return account


SignedIn = Annotated[Account, Depends(_signed_in)]
_Recognised = Annotated[Account, Depends(_recognised)]


def waiting_for(stage: Stage) -> Any:
    """A dependency that gives the account whose session waits for a step.

    Raises:
        SignInFirst, StepMissing, StepPassed, BoundToTables
    """

    def waiting(request: Request) -> Account:
        account = account_of(request)
        if account is None:
            raise SignInFirst
        if account.tables:
            raise BoundToTables(account.tables)
        if account.session is None or not account.session.stage:
            raise StepPassed
        if account.session.stage != stage:
            raise StepMissing(account.session.stage)
        return account

    return Depends(waiting)


def require(permission: Permission) -> Any:
    """A dependency that gives the account, of page and API alike.

    Raises:
        SignInFirst, PermissionMissing, BoundToTables
    """

    def holder(request: Request, account: _Recognised) -> Account:
        if not account.may(permission):
            services: Services = request.app.state.services
            asked = f"{request.method} {request.url.path}"
            request.app.state.refusals.note(account, permission, asked, services.now_ms())
            if account.tables:
                raise BoundToTables(account.tables)
            raise PermissionMissing(permission, services.roles.having(permission))
        return account

    return Depends(holder)


def same_origin(request: Request) -> None:
    """A change must come from our own pages, or from a program that is no browser."""
    headers = request.headers
    if origin := headers.get("origin"):
        ours = _public(request).is_origin(origin, headers.get("host", ""))
    else:
        ours = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    if not ours:
        raise FromElsewhere("this request comes from another site; use our own pages")


def page_before(request: Request) -> str:
    """The page that a form stood on: its own address often answers POST only."""
    page_url = request.headers.get("referer", "")
    ours = urlsplit(page_url).netloc == request.headers.get("host")
    return address_of(page_url) if ours else "/"


def inside(to: str) -> str:
    """Where somebody wanted to go, or the start where that is no page of ours."""
    # A browser leaves tabs and ends of lines out: two slashes may follow each other behind them.
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if ours else "/"


def address_of(url: str) -> str:
    """Path and query; a path that begins with two slashes would lead to another host."""
    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def visitor_of(request: Request, username: str) -> Visitor:
    """From where somebody signs in; behind a proxy that uvicorn trusts, the address it names."""
    browser = request.headers.get("user-agent", "")[:MOST_OF_BROWSER]
    client = _client_of(request, username)
    return Visitor(client, browser.replace("\0", ""), token_of(request))


def _client_of(request: Request, username: str) -> Client:
    known, purpose = _known(request, username)
    mark = request.cookies.get(_public(request).cookie_of(purpose), "")
    drawn = known.browser(username, mark, request.app.state.services.now_ms())
    return Client.of(request.client.host if request.client else None, username, drawn)


def remember(request: Request, answer: Response, username: str) -> None:
    """Give a browser the mark of a person who has signed in there."""
    known, purpose = _known(request, username)
    mark = known.mark(username, request.app.state.services.now_ms())
    _public(request).give(request, answer, purpose, mark, LASTS_MS // 1000)


def _known(request: Request, username: str) -> tuple[KnownBrowsers, str]:
    """With the purpose of the person's cookie."""
    known = KnownBrowsers(request.app.state.services.site_key.of("known-browsers"))
    return known, f"session_{known.name(username)}"


def signing_in_of(request: Request) -> SigningIn:
    """The parts that signing in needs."""
    services: Services = request.app.state.services
    return SigningIn(
        services.state,
        services.roles,
        request.app.state.sign_in_limits,
        services.forget_first_passwords,
    )


def steps_of(request: Request) -> Steps:
    """The parts that the steps of signing in need."""
    services: Services = request.app.state.services
    factor = SecondFactor(services.state, services.site_key.of("second-factor"))
    site = services.catalogue.site
    return Steps(signing_in_of(request), factor, (site.id, site.name))


def asked_to_wait(services: Services, error: TooManyAttempts) -> tuple[str, dict[str, str]]:
    """The words for a person, and the header of RFC 9110, 10.2.3."""
    wait_s = math.ceil(error.wait_ms / 1000)
    said = services.words("sign-in.wait", span=services.wording.duration(wait_s * 1000))
    return said, {"Retry-After": str(wait_s)}


def let_in(request: Request, answer: Response, token: str) -> None:
    """Give the session's cookie."""
    _public(request).give(request, answer, "session", token, COOKIE_S)


def let_out(request: Request, answer: Response) -> None:
    """Take the session's cookie."""
    _public(request).take(answer, "session")


SameOrigin = Depends(same_origin)
