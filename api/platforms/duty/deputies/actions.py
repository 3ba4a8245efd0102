"""The register of deputies: read it, and fill a term by the office's spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from api import audit
from api.accounts.records import Account, Grant, Membership, Span
from api.accounts.repositories.appointments import Appointments
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.accounts.staffing import accounts, appointments
from api.accounts.staffing.accounts import NewPerson
from api.accounts.staffing.authority import Authority
from api.platforms.duty.deputies import repository, wording
from api.platforms.duty.deputies.records import (
    MOST_TERM,
    Checked,
    CongressTerm,
    Deputy,
    Entered,
    FaultySheet,
    Group,
    Made,
    Mistake,
)
from api.platforms.duty.permission import DutyPermission
from api.services import Services
from api.web import forms
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

ROLE = "deputy"
"""Of the product: what everybody of a term holds from its first day on."""


@dataclass(frozen=True, slots=True)
class Register:
    """The deputies of a term by delegation, in the official order, and all terms. ``term`` is None
    while there is none.
    """

    terms: Sequence[CongressTerm]
    term: CongressTerm | None
    groups: Sequence[Group]

    @property
    def count(self) -> int:
        """Of deputies."""
        return sum(len(of.deputies) for of in self.groups)


def register(services: Services, number: int | None = None) -> Register:
    """The register of a term; without a number of the one that runs, or else of the first to
    come.
    """
    today = date.fromisoformat(day_of(services.now_ms()))
    with services.state.read() as connection:
        terms = repository.terms(connection)
        if number is None:
            number = repository.term_on(connection, today)
        if number is None and terms:
            number = terms[-1].number
        found = repository.of_term(connection, number) if number is not None else ()
    names = People(services.state).names([of.username for of in found])
    named = [replace(of, name=names.get(of.username, of.username)) for of in found]
    groups = [
        Group(services.words.name(unit.name), members)
        for unit in Units(services.state).all()
        if (members := [of for of in named if of.delegation == unit.id])
    ]
    return Register(terms, next((of for of in terms if of.number == number), None), groups)


def deputy(services: Services, deputy_id: int) -> Deputy | None:
    """A deputy with the name."""
    with services.state.read() as connection:
        found = repository.deputy(connection, deputy_id)
    return _named(services, found) if found else None


def knows_all(account: Account, of: Deputy) -> bool:
    """Whether an account sees what does not stand on a public list: certificate, education and
    the code for voters.
    """
    return account.may(DutyPermission.MANAGE_DEPUTIES) or account.username == of.username


def put_term(
    services: Services, account: Account, number: str, from_day: str, until_day: str
) -> None:
    """Write a term, or other days of one. With its last day its deputies hold their role until
    then, but for those whom a later term has.

    Raises:
        NotAccepted: then nothing is changed.
    """
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= MOST_TERM):
        fault = Fault("number", f"{number[:10]!r} is none", f"give a number of 1 to {MOST_TERM}")
        raise NotAccepted(fault, "number", most=MOST_TERM)
    first = date.fromisoformat(forms.day("from_day", from_day, needed=True) or "")
    last = forms.day("until_day", until_day)
    term = CongressTerm(int(number), first, date.fromisoformat(last) if last else None)
    if term.until_day and term.until_day < first:
        fault = Fault("until_day", "is before the first day", "give a later one, or none")
        raise NotAccepted(fault, "until-day")
    leaving = _leaving(services, account, term.number) if last else ()
    with services.state.begin() as connection:
        repository.put_term(connection, term)
        audit.record(
            connection,
            by=account.actor,
            action="duty.term",
            subject=f"duty/term/{term.number}",
            detail=f"{first} – {last or ''}",
            at_ms=services.now_ms(),
        )
    for username in leaving:
        _end_role(_authority(services, account), username, last or "")


def check(services: Services, account: Account, number: int, file: str, content: bytes) -> Checked:
    """The outcome that a file would have; nothing is changed.

    Raises:
        NotAccepted: there is no such term.
    """
    _term(services, number)
    try:
        read = wording.read(file, content, Units(services.state).all())
    except FaultySheet as error:
        return Checked(file, number, mistakes=error.mistakes)
    if mistakes := tuple(_against(services, account, number, read)):
        return Checked(file, number, mistakes=mistakes)
    there = People(services.state).names([of.username for _, of in read])
    return Checked(file, number, tuple(of for _, of in read), frozenset(there))


def load(
    services: Services, account: Account, number: int, entered: Sequence[Entered]
) -> tuple[Made, ...]:
    """Write the deputies of a term. Whoever has no account gets one, all hold the role of a deputy
    from the first day of the term on and belong to their delegation.

    Raises:
        NotAccepted: something does not hold by now; then nothing is changed.
    """
    term = _term(services, number)
    if wrong := list(_against(services, account, number, [(0, of) for of in entered])):
        fault = Fault("deputies", wrong[0].kind, "check the file again")
        raise NotAccepted(fault, "changed")
    authority = _authority(services, account)
    span = Span(term.from_day.isoformat())
    drawn = accounts.create(authority, [_person(of, span) for of in entered])
    for of in entered:
        if of.username not in drawn:
            _appoint(authority, of, span)
    with services.state.begin() as connection:
        repository.put(connection, number, entered)
        audit.record(
            connection,
            by=account.actor,
            action="duty.register",
            subject=f"duty/term/{number}",
            detail=f"{len(entered)}",
            at_ms=services.now_ms(),
        )
    return tuple(
        Made(of.username, of.name, drawn[of.username]) for of in entered if of.username in drawn
    )


def _against(
    services: Services, account: Account, number: int, read: Sequence[tuple[int, Entered]]
) -> Iterator[Mistake]:
    """Rows that are good by themselves and do not fit what is there."""
    names: Mapping[str, str] = People(services.state).names([of.username for _, of in read])
    delegations = {of.id for of in Units(services.state).all() if of.kind == "delegation"}
    with services.state.read() as connection:
        holders = repository.certificates(connection, number)
    authority, seen = _authority(services, account), set[str]()
    for row, of in read:
        if names.get(of.username, of.name) != of.name:
            yield Mistake("taken", row, "", {"given": of.username, "name": names[of.username]})
        if of.delegation not in delegations or of.username in seen:
            yield Mistake("changed", row)
        if holders.get(of.certificate, of.username) != of.username:
            yield Mistake("certificate", row, "", {"given": of.certificate})
        seen.add(of.username)
        try:
            if of.username in names:
                authority.check(of.username)
            else:
                accounts.check_new(authority, _person(of, Span()))
        except NotAccepted:
            yield Mistake("beyond", row, "", {"given": of.username})


def _appoint(authority: Authority, of: Entered, span: Span) -> None:
    """Give somebody who has an account what a deputy of the term has and they lack."""
    rooms, first_day = Appointments(authority.state), span.from_day or ""
    with authority.state.read() as connection:
        grants = rooms.grants(connection, of.username)
        memberships = rooms.memberships(connection, of.username)
    if not any(
        one.of.role == ROLE and not one.of.unit and one.of.span.holds(first_day) for one in grants
    ):
        appointments.give_role(authority, of.username, Grant(ROLE, span=span))
    if not any(
        one.of.unit == of.delegation and one.of.span.holds(first_day) for one in memberships
    ):
        appointments.join(authority, of.username, Membership(of.delegation, span=span))


def _leaving(services: Services, account: Account, number: int) -> Sequence[str]:
    """The deputies of a term whom no later one has.

    Raises:
        NotAccepted: the role of one of them is not the office's to end.
    """
    with services.state.read() as connection:
        found = repository.not_in_later_terms(connection, number)
    authority = _authority(services, account)
    for username in found:
        try:
            authority.check(username)
        except NotAccepted as refused:
            raise NotAccepted(refused.faults[0], "beyond", given=username) from refused
    return found


def _end_role(authority: Authority, username: str, last_day: str) -> None:
    """Let somebody be a deputy up to a day, where nothing ends it before."""
    with authority.state.read() as connection:
        grants = Appointments(authority.state).grants(connection, username)
    for one in grants:
        until_day = one.of.span.until_day
        if one.of.role == ROLE and (until_day is None or until_day > last_day):
            appointments.end(authority, username, "role", one.id, last_day)


def _person(of: Entered, span: Span) -> NewPerson:
    grants = (Grant(ROLE, span=span),)
    return NewPerson(of.username, of.name, grants, (Membership(of.delegation, span=span),))


def _authority(services: Services, account: Account) -> Authority:
    """Over deputies alone: it gives no role but theirs."""
    return Authority.of(
        services.state,
        account,
        services.roles,
        DutyPermission.MANAGE_DEPUTIES,
        keeping=(),
        by_unit=(),
        now_ms=services.now_ms(),
    )


def _term(services: Services, number: int) -> CongressTerm:
    with services.state.read() as connection:
        found = [of for of in repository.terms(connection) if of.number == number]
    if not found:
        raise NotAccepted(Fault("term", f"there is no {number}", "write the term first"), "term")
    return found[0]


def _named(services: Services, of: Deputy) -> Deputy:
    names = People(services.state).names([of.username])
    return replace(of, name=names.get(of.username, of.username))
