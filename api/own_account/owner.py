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
from api.accounts.factor import SecondFactor, WrongCode
from api.accounts.limits import TooManyAttempts
from api.accounts.records import Account, Session
from api.accounts.repositories.sessions import Sessions
from api.accounts.sign_in import Door, SignInRefused, Visitor, opened
from api.authentication.requests import SignedIn, SignInFirst, door_of, visitor_of
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
    door: Door
    visitor: Visitor

    @property
    def username(self) -> str:
        """Of the person."""
        return self.account.username

    @property
    def factor(self) -> SecondFactor:
        """The second factors of the site."""
        return SecondFactor(self.services.state, self.services.site_key.of("second-factor"))

    def confirm(self, password: str, field: str = "password") -> None:
        """Ask for the password once more: the screen may have been left open.

        Raises:
            NotAccepted: it is not right, or there were too many wrong ones lately.
        """
        try:
            self.door.confirm(self.visitor, password, self.services.now_ms())
        except TooManyAttempts as error:
            raise Slowed(field, error, self.services) from error
        except SignInRefused as error:
            fault = Fault(field, "is not right", "give the current password")
            raise NotAccepted(fault, "account.wrong-password") from error

    @contextmanager
    def asking_for_code(self, field: str = "code") -> Iterator[None]:
        """Around what takes a code.

        Raises:
            NotAccepted: it is not right, or there were too many wrong ones lately.
        """
        try:
            with self.door.asking_for_code(self.visitor, self.services.now_ms()):
                yield
        except TooManyAttempts as error:
            raise Slowed(field, error, self.services) from error
        except WrongCode as error:
            fault = Fault(field, "is not right, or was used before", "give the newest code")
            raise NotAccepted(fault, "account.wrong-code") from error

    def change(self, work: Callable[[Connection], T], action: str, detail: str = "") -> T:
        """Change something; the audit stands in the same transaction."""
        with self.services.state.begin() as connection:
            done = work(connection)
            self._record(connection, action, detail)
        return done

    def change_rights(
        self, work: Callable[[Connection], T], action: str, detail: str = ""
    ) -> tuple[T, str]:
        """Change what signing in takes: other sessions end, this one goes on under a new token,
        which is given.
        """
        with self.services.state.begin() as connection:
            sessions = Sessions(self.services.state)
            found = sessions.find(connection, self.session.id, self.services.now_ms())
            if found is None:
                raise SignInFirst
            done = work(connection)
            ended = sessions.end_all(connection, self.username)
            token = opened(connection, self.services.state, found.session)
            self._record(connection, action, detail)
        self.end_streams(ended)
        return done, token

    def end_streams(self, session_ids: tuple[str, ...]) -> None:
        """Open pages of sessions that have ended hear so at once."""
        for session_id in session_ids:
            self.services.live.end(session_id)

    def _record(self, connection: Connection, action: str, detail: str) -> None:
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
    return Owner(account, account.session, services, door_of(request), visitor)


OwnerOf = Annotated[Owner, Depends(_owner)]


def refusal(error: NotAccepted) -> HTTPException:
    """The answer of the API."""
    if isinstance(error, Slowed):
        return HTTPException(429, str(error), {"Retry-After": str(error.wait_s)})
    return HTTPException(422, str(error))
