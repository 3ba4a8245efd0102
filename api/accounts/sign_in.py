"""Sign in, be recognised, act for somebody, sign out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.credentials import passwords
from api.accounts.factor import WrongCode
from api.accounts.limits import Client, SignInLimits, TooManyAttempts
from api.accounts.permission import Permission
from api.accounts.records import Account, Clerk, Grant, Means, Reach, Secrecy, Session, Stage
from api.accounts.repositories.people import USED_MS, Login, People
from api.accounts.repositories.sessions import Found, OpenSession, Sessions
from api.accounts.repositories.sign_ins import Outcome, SignIns
from api.accounts.repositories.tokens import Tokens
from api.accounts.roles import Roles
from config.vocabulary.errors import QingyuanError
from config.vocabulary.time import FOR_EVER_MS, MINUTE_MS, begins_ms, day_of
from ingest.state.database import State

BUSY_MS = 2000
"""After which one may try again where others were just signing in."""
SHOWN_OF_UNKNOWN = 2
"""Characters that the log of sign-ins keeps of a username that nobody has."""
STAGE_MS = 15 * MINUTE_MS
"""A session that waits for a step lasts so long."""
SEEN_EACH_MS = MINUTE_MS
MACHINE = "token-"
"""Before the number of a token: so a machine is called where a person has a username."""
SENDS = "imports.send"
"""The one permission of a machine that is bound to tables."""
NEVER_FOR_OTHERS = "administration"
"""Slug of the permissions that nobody has on behalf of another, and no machine."""


class SignInRefused(QingyuanError):
    """Wrong username or password; never says which."""


class SessionEnded(QingyuanError):
    """A session ended while its person did something."""

    def __init__(self) -> None:
        super().__init__("the session has ended; sign in again")


class MayNotAct(QingyuanError):
    """There is no delegation for this deputy today."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody signs in: the keys of limits, what the browser calls itself, and the
    token of the session that it has; whoever signs in anew leaves that one.
    """

    client: Client
    browser: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The parts that signing in needs."""

    state: State
    roles: Roles
    limits: SignInLimits
    forget_first_passwords: Callable[[], None]

    def sign_in(self, visitor: Visitor, password: str, now_ms: int) -> str:
        """Open a session with a password; returns its token, of which only the hash is kept.

        Raises:
            SignInRefused, TooManyAttempts
        """
        login, renewed = self._compared(visitor, password, now_ms)
        token, stage = self._admit(login, visitor, "password", renewed, now_ms)
        self.note("begun" if stage else "signed-in", visitor, now_ms)
        if login.is_first:
            self.forget_first_passwords()
        return token

    def confirm(self, visitor: Visitor, password: str, now_ms: int) -> None:
        """Ask somebody who has signed in for the password once more.

        Raises:
            SignInRefused, TooManyAttempts
        """
        self._compared(visitor, password, now_ms)

    @contextmanager
    def asking_for_code(self, visitor: Visitor, now_ms: int) -> Iterator[None]:
        """Around what takes a code of the second factor: wrong ones are slowed, apart from wrong
        passwords, for the right one forgives nothing here.

        Raises:
            TooManyAttempts: before any code is looked at.
        """
        client = replace(visitor.client, for_code=True)
        self.limits.enter(client, now_ms)
        try:
            yield
        except WrongCode:
            self.limits.failed(client, now_ms)
            self.note("wrong-code", visitor, now_ms)
            raise
        except BaseException:
            self.limits.unheard(client, now_ms)
            raise
        self.limits.succeeded(client, now_ms)

    def _compared(self, visitor: Visitor, password: str, now_ms: int) -> tuple[Login, str | None]:
        client = visitor.client
        self.limits.enter(client, now_ms)
        login = People(self.state).login(client.username)
        try:
            kept = login.password_hash if login else None
            checked = passwords.check(kept, password, by=client.browser or client.address)
        except passwords.Busy as error:
            self.limits.unheard(client, now_ms)
            raise TooManyAttempts(BUSY_MS) from error
        refused = _refusal(login, now_ms) if checked.right else "wrong-password"
        if login is None or refused:
            self.limits.failed(client, now_ms)
            if login is None:  # somebody may have typed a password there
                masked = f"{client.username[:SHOWN_OF_UNKNOWN]}…"
                visitor = replace(visitor, client=replace(client, username=masked))
            self.note(refused or "wrong-password", visitor, now_ms)
            raise SignInRefused("wrong username or password")
        self.limits.succeeded(client, now_ms)
        return login, checked.renewed

    def admit(self, visitor: Visitor, now_ms: int) -> str:
        """Open a session for somebody whom a provider has recognised; returns its token.

        Raises:
            SignInRefused: the account is disabled.
        """
        login = People(self.state).login(visitor.client.username)
        if login is None or login.disabled:
            self.note("disabled", visitor, now_ms)
            raise SignInRefused("this account is disabled")
        token, _ = self._admit(login, visitor, "oidc", None, now_ms)
        self.note("signed-in", visitor, now_ms)
        return token

    def turn_away(self, visitor: Visitor, now_ms: int) -> None:
        """Note somebody whom a provider has recognised and who has no account here."""
        self.note("unknown-identity", visitor, now_ms)

    def _admit(
        self, login: Login, visitor: Visitor, means: Means, renewed: str | None, now_ms: int
    ) -> tuple[str, Stage]:
        people = People(self.state)
        with self.state.begin() as connection:
            if not people.may_enter(connection, login):
                # Of two who use a first password at once the other comes too late, and so does
                # somebody whose password was changed while it was compared.
                raise SignInRefused("wrong username or password")
            if login.is_first and means == "password":
                # It was good for this one sign-in, and is kept so that nobody chooses it as own.
                people.put(connection, login.username, password_until_ms=USED_MS)
            elif renewed:
                people.put(connection, login.username, password_hash=renewed)
            held = [of.role for of in people.grants(connection, login.username, day_of(now_ms))]
            idle_ms, _ = self.roles.lifetime_ms(held)
            Sessions(self.state).end(connection, hash_of(visitor.token))
            stage: Stage = "" if means == "oidc" else self.first_stage(login, held)
            token = opened(
                connection,
                self.state,
                OpenSession(
                    id="",
                    username=login.username,
                    stage=stage,
                    means=means,
                    address=visitor.client.address,
                    browser=visitor.browser,
                    created_ms=now_ms,
                    seen_ms=now_ms,
                    idle_ms=idle_ms,
                    expires_ms=self.ends_ms(connection, login.username, held, stage, now_ms),
                ),
            )
            audit.record(
                connection,
                by=audit.Actor(login.username),
                action="sign-in",
                subject=login.username,
                detail=means,
                at_ms=now_ms,
            )
        return token, stage

    def ends_ms(
        self, connection: Connection, username: str, held: list[str], stage: Stage, now_ms: int
    ) -> int:
        """When a session ends anyway: at the latest on the day on which another role begins, for
        that may ask more of it.
        """
        if stage:
            return now_ms + STAGE_MS
        _, whole_ms = self.roles.lifetime_ms(held)
        next_day = People(self.state).next_role_day(connection, username, day_of(now_ms))
        other_ms = begins_ms(date.fromisoformat(next_day)) if next_day else FOR_EVER_MS
        return min(now_ms + whole_ms, other_ms)

    def first_stage(self, login: Login, held: list[str]) -> Stage:
        """The step that a sign-in by password waits for: code, then change, then enrol."""
        if login.totp_sealed:
            return "code"
        return self.stage_after_code(login, held)

    def stage_after_code(self, login: Login, held: list[str]) -> Stage:
        """The step behind the second factor."""
        if login.is_first:
            return "change"
        return self.stage_after_change(login, held)

    def stage_after_change(self, login: Login, held: list[str]) -> Stage:
        """The step behind the change of a first password."""
        missing = login.totp_sealed is None and self.roles.wants_second_factor(held)
        return "enrol" if missing else ""

    def note(self, outcome: Outcome, visitor: Visitor, now_ms: int) -> None:
        """Keep an attempt in the log of sign-ins."""
        client = visitor.client
        SignIns(self.state).note(outcome, client.username, client.address, visitor.browser, now_ms)


def _refusal(login: Login | None, now_ms: int) -> Outcome | None:
    """Why somebody with the right password is refused."""
    if login and login.disabled:
        return "disabled"
    ended = login and login.until_ms is not None and login.until_ms <= now_ms
    return "ended-password" if ended else None


def opened(connection: Connection, state: State, session: OpenSession) -> str:
    """Keep a session under a new token, which is returned."""
    token = secrets.token_urlsafe(32)
    Sessions(state).open(connection, replace(session, id=hash_of(token)))
    return token


def renewed(connection: Connection, state: State, session: OpenSession, **changes: object) -> str:
    """Put a session with other values in the place of one; returns its token."""
    Sessions(state).end(connection, session.id)
    return opened(connection, state, replace(session, **changes))  # type: ignore[arg-type]


def sign_out(state: State, token: str) -> None:
    """End a session."""
    with state.begin() as connection:
        Sessions(state).end(connection, hash_of(token))


def hash_of(secret: str) -> str:
    """A session's or a machine's token as it is kept: 256 bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def recognise(
    state: State, roles: Roles, token: str | None, now_ms: int, *, active: bool
) -> Account | None:
    """The account of a session's token; ``active``: the person asked, not an open page."""
    if not token:
        return None
    sessions, people, day = Sessions(state), People(state), day_of(now_ms)
    with state.read() as connection:
        found = sessions.find(connection, hash_of(token), now_ms)
        if found is None:
            return None
        if found.session.on_behalf_of:
            deputy = sessions.deputy(connection, found.session, day)
            found = replace(found, deputy=deputy)
        whose = found.deputy or found.person
        grants = people.grants(connection, whose.username, day)
    if found.session.on_behalf_of and found.deputy is None:
        _act_for_nobody(state, found, now_ms)
    if active and now_ms - found.session.seen_ms >= SEEN_EACH_MS:
        with state.begin() as connection:
            sessions.seen(connection, found.session.id, now_ms)
    return _account(found, roles, grants)


def _act_for_nobody(state: State, found: Found, now_ms: int) -> None:
    """The delegation has ended: should it hold again one day, the clerk says so anew."""
    session = found.session
    with state.begin() as connection:
        if Sessions(state).act_for_nobody(connection, session.id):
            _record_acting(connection, session.username, "", now_ms)


def _account(found: Found, roles: Roles, grants: tuple[Grant, ...]) -> Account:
    person, deputy = found.person, found.deputy
    reaches, whose = roles.reaches(grants), deputy or person
    session = Session(found.session.id, found.session.stage, found.session.means)
    return Account(
        whose.username,
        whose.name,
        roles=tuple(dict.fromkeys(grant.role for grant in grants if grant.role in roles.by_id)),
        reaches=tuple(map(_for_another, reaches)) if deputy else reaches,
        language=person.language,
        large_type=person.large_type,
        clerk=Clerk(person.username, person.name) if deputy else None,
        may_act=found.may_act,
        session=session,
    )


def _for_another(reach: Reach) -> Reach:
    kept = (of for of in reach.permissions if of.slug != NEVER_FOR_OTHERS)
    return replace(reach, permissions=frozenset(kept))


def recognise_machine(state: State, roles: Roles, secret: str, now_ms: int) -> Account | None:
    """The account of a machine's token: what the token may, on all platforms; it has nothing of
    administration, whatever its row says.
    """
    tokens = Tokens(state)
    token = tokens.by_secret(hash_of(secret), now_ms)
    if token is None:
        return None
    if token.used_ms is None or now_ms - token.used_ms >= SEEN_EACH_MS:
        with state.begin() as connection:
            tokens.used(connection, token.id, now_ms)
    known: dict[str, Permission] = {
        str(one): one
        for role in roles.by_id.values()
        for one in role.permissions
        if one.slug != NEVER_FOR_OTHERS
    }
    names = [SENDS] if token.tables else token.permissions
    permissions = frozenset(known[name] for name in names if name in known)
    reach = Reach(permissions, token.unit, Secrecy.INTERNAL)
    username = f"{MACHINE}{token.id}"
    return Account(username, token.name, reaches=(reach,), tables=token.tables)


def act_for(state: State, account: Account, deputy: str, now_ms: int) -> str:
    """Act for a deputy from now on, or for nobody (empty); returns the new token of the session.

    Raises:
        MayNotAct: no delegation holds today.
        SessionEnded
    """
    own = account.clerk.username if account.clerk else account.username
    if deputy and deputy not in People(state).deputies_of(own, day_of(now_ms)):
        raise MayNotAct(f"no delegation for {deputy} holds today; ask the administrator for one")
    assert account.session is not None
    with state.begin() as connection:
        found = Sessions(state).find(connection, account.session.id, now_ms)
        if found is None:
            raise SessionEnded
        token = renewed(connection, state, found.session, on_behalf_of=deputy or None)
        _record_acting(connection, own, deputy, now_ms)
    return token


def _record_acting(connection: Connection, clerk: str, deputy: str, now_ms: int) -> None:
    audit.record(
        connection,
        by=audit.Actor(clerk, deputy),
        action="act-for" if deputy else "act-for-oneself",
        subject=deputy or clerk,
        detail="",
        at_ms=now_ms,
    )
