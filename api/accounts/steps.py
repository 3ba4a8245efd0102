"""The steps of signing in behind the password, and the same when a person takes them later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.credentials import password_rules, passwords
from api.accounts.credentials.password_rules import LEAST, MOST, Unfit, one_form
from api.accounts.factor import SecondFactor, WrongCode
from api.accounts.limits import TooManyAttempts
from api.accounts.records import OWN, Account, Stage
from api.accounts.repositories.factors import Factors
from api.accounts.repositories.people import Login, People
from api.accounts.repositories.sessions import Sessions
from api.accounts.sign_in import BUSY_MS, SessionEnded, SigningIn, Visitor, renewed
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault, QingyuanError
from config.vocabulary.time import day_of

BY_CODE = "sign-in.app-code"
BY_RECOVERY = "sign-in.recovery-code"
_REMEDIES = {
    Unfit.TOO_SHORT: ("is too short", f"give {LEAST} characters at least"),
    Unfit.TOO_LONG: ("is too long", f"give {MOST} characters at most"),
    Unfit.KNOWN: ("is easily guessed", "avoid common words, dates and neighbouring keys"),
    Unfit.PERSONAL: ("holds a name that is easily guessed", "leave names out, or make it longer"),
}


class TooManyCodes(QingyuanError):
    """A session that waited for a code has ended, for too many were wrong."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A step is done: the session's new token. ``codes_left`` where a recovery code was taken."""

    token: str
    codes_left: int | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps that somebody takes in a session of their own. Each gives it a new token: a session
    that waits for the step goes on to the next, any other stays as it is. ``site`` is known of the
    site to everybody, and makes no password.
    """

    signing_in: SigningIn
    factor: SecondFactor
    site: tuple[str, ...]

    def take_code(self, visitor: Visitor, account: Account, code: str, now_ms: int) -> Passed:
        """Take the code of an app, or a recovery code.

        Raises:
            WrongCode, TooManyCodes, TooManyAttempts, SessionEnded
        """
        entry, login = self.signing_in, self._login(account)
        behind = partial(entry.stage_after_code, login)
        try:
            with (
                entry.asking_for_code(visitor, now_ms),
                entry.state.begin() as connection,
            ):
                way = self.factor.take(connection, login.username, code, now_ms)
                token, stage = self._led_on(connection, account, behind, now_ms)
                _record(connection, account, BY_CODE if way == "app" else BY_RECOVERY, now_ms)
        except WrongCode as error:
            if not entry.limits.one_too_many(_session_id(account), now_ms):
                raise
            with entry.state.begin() as connection:
                Sessions(entry.state).end(connection, _session_id(account))
            raise TooManyCodes("too many wrong codes; sign in again") from error
        self._note(visitor, account, stage, now_ms)
        left = Factors(entry.state).codes_left(login.username) if way == "recovery" else None
        return Passed(token, left)

    def change_password(
        self, visitor: Visitor, account: Account, new: str, again: str, now_ms: int
    ) -> str:
        """Give somebody the password that they chose; the session's new token. Every other session
        of theirs ends. Ask for the one of before first: ``SigningIn.confirm``.

        Raises:
            NotAccepted: with a field of ``new`` or ``again``, and the whole key of its words.
            SessionEnded
            TooManyAttempts: others were just signing in.
        """
        login = self._login(account)
        self._fits(account, new, again)
        _is_another(login, new)
        password_hash = passwords.hashed(new)
        own = {"password_hash": password_hash, "password_kind": OWN, "password_until_ms": None}
        behind = partial(self.signing_in.stage_after_change, login)
        with self._alone(account) as connection:
            People(self.signing_in.state).put(connection, login.username, **own)
            token, stage = self._led_on(connection, account, behind, now_ms)
            _record(connection, account, "password.change", now_ms)
        self._note(visitor, account, stage, now_ms)
        return token

    def enrol(
        self, visitor: Visitor, account: Account, sealed: str, code: str, now_ms: int
    ) -> tuple[str, tuple[str, ...]]:
        """Keep a second factor that ``SecondFactor.begin`` made, for its code came back: the
        session's new token, and the recovery codes, shown this once. Every other session of the
        person ends.

        Raises:
            WrongCode, TooManyAttempts, Late, SessionEnded
        """
        username = self._login(account).username
        pending = self.factor.resume(username, sealed, now_ms)
        with self.signing_in.asking_for_code(visitor, now_ms), self._alone(account) as connection:
            codes = self.factor.finish(connection, username, pending, code, now_ms)
            token, stage = self._led_on(connection, account, lambda _held: "", now_ms)
            _record(connection, account, "second-factor.on", now_ms)
        self._note(visitor, account, stage, now_ms)
        return token, codes

    def _login(self, account: Account) -> Login:
        login = People(self.signing_in.state).login(account.username)
        if login is None:
            raise SessionEnded
        return login

    def _fits(self, account: Account, new: str, again: str) -> None:
        context = (account.username, account.name, *self.site)
        if unfit := password_rules.check(new, context=context):
            fault = Fault("new", *_REMEDIES[unfit])
            raise NotAccepted(fault, unfit.words, least=LEAST, most=MOST)
        if one_form(new) != one_form(again):
            fault = Fault("again", "is not the same", "write the new password twice")
            words = "sign-in.wrong-again"
            raise NotAccepted(fault, words)

    @contextmanager
    def _alone(self, account: Account) -> Iterator[Connection]:
        """A transaction in which the person has no other session."""
        state = self.signing_in.state
        with state.begin() as connection:
            Sessions(state).end_all(connection, account.username, but=_session_id(account))
            yield connection

    def _led_on(
        self,
        connection: Connection,
        account: Account,
        behind: Callable[[list[str]], Stage],
        now_ms: int,
    ) -> tuple[str, Stage]:
        """The session under a new token, at the step that comes behind; or whole."""
        state, day = self.signing_in.state, day_of(now_ms)
        found = Sessions(state).find(connection, _session_id(account), now_ms)
        if found is None:
            raise SessionEnded
        if not found.session.stage:
            return renewed(connection, state, found.session, seen_ms=now_ms), ""
        grants = People(state).grants(connection, account.username, day)
        held = [of.role for of in grants]
        stage = behind(held)
        ends_ms = self.signing_in.ends_ms(connection, account.username, held, stage, now_ms)
        changes = {"stage": stage, "seen_ms": now_ms, "expires_ms": ends_ms}
        return renewed(connection, state, found.session, **changes), stage

    def _note(self, visitor: Visitor, account: Account, stage: Stage, now_ms: int) -> None:
        """Log the sign-in whose last step this was."""
        if account.session and account.session.stage and not stage:
            self.signing_in.note("signed-in", visitor, now_ms)


def _is_another(login: Login, new: str) -> None:
    """A first password becomes nobody's own (ASVS 6.4.1): others have seen it."""
    try:
        same = login.is_first and passwords.check(login.password_hash, new).right
    except passwords.Busy as error:
        raise TooManyAttempts(BUSY_MS) from error
    if same:
        fault = Fault("new", "is the first password", "choose one that nobody else has seen")
        words = "sign-in.first-again"
        raise NotAccepted(fault, words)


def _session_id(account: Account) -> str:
    assert account.session is not None
    return account.session.id


def _record(connection: Connection, account: Account, action: str, now_ms: int) -> None:
    by, who = account.actor, account.username
    audit.record(connection, by=by, action=action, subject=who, detail="", at_ms=now_ms)
