"""The person whose account it is, and what precedes each change of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request
from sqlalchemy.engine import Connection

from api import audit
from api.accounts.factor import WrongCode
from api.accounts.limits import TooManyAttempts
from api.accounts.records import Account, Session
from api.accounts.repositories.sessions import Sessions
from api.accounts.sign_in import SessionEnded, SignInRefused, Visitor, renewed
from api.accounts.steps import Steps
from api.authentication.requests import SignedIn, steps_of, visitor_of
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

T = TypeVar("T")


class ActingForAnother(Declared):
    """Somebody acts for a deputy, whose account is not theirs."""

    status = 403
    words = "error.while-acting"

    def __init__(self) -> None:
        super().__init__("an account is its person's alone; end acting for another first")


class NoPerson(Declared):
    """A machine asks, which has no account of its own."""

    status = 403

    def __init__(self) -> None:
        super().__init__("a token has no account of its own; sign in as a person")


class Slowed(NotAccepted):
    """There were too many wrong passwords or codes lately."""

    def __init__(self, field: str, error: TooManyAttempts, services: Services) -> None:
        self.wait_s = math.ceil(error.wait_ms / 1000)
        span = services.wording.duration(self.wait_s * 1000)
        fault = Fault(field, "too many attempts", f"wait {self.wait_s} s")
        super().__init__(fault, "account.wrong-wait", span=span)


@dataclass(frozen=True, slots=True)
class Owner:
    """A person at the own account: session, parts, and where the browser stands."""

    account: Account
    session: Session
    services: Services
    steps: Steps
    visitor: Visitor

    @property
    def username(self) -> str:
        """Of the person."""
        return self.account.username

    def confirm(self, password: str, field: str = "password") -> None:
        """Ask for the password once more: the screen may have been left open.

        Raises:
            NotAccepted: it is not right, or there were too many wrong ones lately.
        """
        try:
            self.steps.signing_in.confirm(self.visitor, password, self.services.now_ms())
        except TooManyAttempts as error:
            raise Slowed(field, error, self.services) from error
        except SignInRefused as error:
            fault = Fault(field, "is not right", "give the current password")
            raise NotAccepted(fault, "account.wrong-password") from error

    @contextmanager
    def code_at(self, field: str) -> Iterator[None]:
        """Around what takes a code, which was written in a field.

        Raises:
            NotAccepted: it is not right, or there were too many wrong ones lately.
        """
        try:
            yield
        except TooManyAttempts as error:
            raise Slowed(field, error, self.services) from error
        except WrongCode as error:
            fault = Fault(field, "is not right, or was used before", "give the newest code")
            raise NotAccepted(fault, "sign-in.wrong-code") from error

    @contextmanager
    def ending_streams(self) -> Iterator[None]:
        """Around what ends sessions: their open pages hear so at once."""
        state = self.services.state
        before = Sessions(state).of_person(self.username, self.services.now_ms())
        yield
        for session in before:
            self.services.live.end(session.id)

    def change(self, work: Callable[[Connection], T], *, action: str, detail: str = "") -> T:
        """Change something; the audit stands in the same transaction."""
        with self.services.state.begin() as connection:
            done = work(connection)
            self._audited(connection, action, detail)
        return done

    def change_rights(
        self, work: Callable[[Connection], object], *, action: str, detail: str = ""
    ) -> str:
        """Change what signing in takes: other sessions end, this one goes on under a new token,
        which is given.
        """
        state, now_ms = self.services.state, self.services.now_ms()
        sessions = Sessions(state)
        with self.ending_streams(), state.begin() as connection:
            found = sessions.find(connection, self.session.id, now_ms)
            if found is None:
                raise SessionEnded
            work(connection)
            sessions.end_all(connection, self.username, but=self.session.id)
            self._audited(connection, action, detail)
            return renewed(connection, state, found.session, seen_ms=now_ms)

    def _audited(self, connection: Connection, action: str, detail: str) -> None:
        audit.record(
            connection,
            by=self.account.actor,
            action=action,
            subject=self.username,
            detail=detail,
            at_ms=self.services.now_ms(),
        )


def _owner(request: Request, services: ServicesOf, account: SignedIn) -> Owner:
    if account.clerk:
        raise ActingForAnother
    if account.session is None:
        raise NoPerson
    visitor = visitor_of(request, account.username)
    return Owner(account, account.session, services, steps_of(request), visitor)


OwnerOf = Annotated[Owner, Depends(_owner)]


def refusal(error: NotAccepted) -> HTTPException:
    """The answer of the API."""
    if isinstance(error, Slowed):
        return HTTPException(429, str(error), {"Retry-After": str(error.wait_s)})
    return HTTPException(422, str(error))
