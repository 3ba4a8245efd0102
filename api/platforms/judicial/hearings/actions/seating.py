"""Ask for a seat, be proposed for one, and read the order of an occasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.meetings import actions as meetings
from api.platforms.judicial.hearings import repository, wording
from api.platforms.judicial.hearings.actions.announcing import seen
from api.platforms.judicial.hearings.actions.settling import settle
from api.platforms.judicial.hearings.procedure import MEETINGS, OFFICE, OWN
from api.platforms.judicial.hearings.records import HearingRefused, Seat, lot, replayed
from api.platforms.judicial.permission import JudicialPermission
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services

SHOWN = ("asked", "waiting", "granted", "confirmed")
"""States of those who are in the order; whoever left it is named to the office alone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody in the order, with the reasons for it; ``draw`` begins the lot."""

    number: int | None
    batch: int | None
    name: str
    username: str
    had: int
    last_day: str
    draw: str
    state: str
    said: str
    seat: int


@dataclass(frozen=True, slots=True)
class Order:
    """The order of an occasion. ``holds`` says that it came out the same once more from what is
    shown of it.
    """

    seed: str
    turns: Sequence[Turn]
    holds: bool


def ask(services: Services, account: Account, item_id: str) -> str:
    """Ask for a seat, and say thereby that there is no conflict of interest; its id.

    Raises:
        HearingRefused: one is there already.
        StepRefused
    """
    row = _open(services, account, item_id)
    with taking.acts(services, OWN, account) as acting:
        if repository.own_seat(acting.connection, row["id"], account.username):
            raise HearingRefused("hearing", "there", "has a seat of this person", "use that")
        made, _ = taking.begin(
            acting, {}, hearing=row["id"], title=row["title"], username=account.username
        )
        taking.take(acting, made, "ask", {})
    settle(services, row["id"])
    return made


def _open(services: Services, account: Account, item_id: str) -> Row:
    """An occasion that the account sees, and that was announced."""
    row = seen(services, account, item_id)
    if row["state"] == "draft":
        raise UnknownThing(f"unknown hearing {item_id[:40]}")
    return row


def propose(services: Services, account: Account, item_id: str, username: str) -> str:
    """Propose a deputy, who answers; the id of the seat.

    Raises:
        HearingRefused: nobody who may attend has this username, or one is there already.
        StepRefused
    """
    row = _open(services, account, item_id)
    if username not in dict(able(services)):
        raise HearingRefused("username", "person", "is nobody who attends", "choose a deputy")
    with taking.acts(services, OFFICE, account) as acting:
        if repository.own_seat(acting.connection, row["id"], username):
            raise HearingRefused("username", "there", "is in the list already", "choose another")
        made, _ = taking.begin(
            acting, {}, hearing=row["id"], title=row["title"], username=username
        )
    return made


def able(services: Services) -> Sequence[tuple[str, str]]:
    """Everybody who may attend: username and name."""
    return meetings.able(services, MEETINGS)


def done(services: Services, item_id: str) -> None:
    """Whatever follows a step of a seat: the next one takes what became free."""
    with services.state.read() as connection:
        row = procedures.row(connection, OFFICE, item_id)
    if row is not None:
        settle(services, row["hearing"])


def own(services: Services, account: Account, hearing: int) -> Seat | None:
    """The seat of the account at an occasion, in whatever state."""
    if not account.may(JudicialPermission.ATTEND):
        return None
    with services.state.read() as connection:
        return repository.own_seat(connection, hearing, account.username)


def order(services: Services, account: Account, item_id: str) -> Order:
    """The order of an occasion for anyone who sees it. The office sees also who left it.

    Raises:
        UnknownThing
    """
    row = seen(services, account, item_id)
    with services.state.read() as connection:
        seats = repository.seats(connection, row["id"])
    in_order = [of for of in seats if of.turn is not None]
    again = replayed(row["seed"], in_order)
    keeps = account.may(JudicialPermission.CHECK)
    names = People(services.state).names([of.username for of in seats])
    turns = [
        _turn(services, row["seed"], of, names)
        for of in seats
        if keeps or of.state in SHOWN or of.turn is not None
    ]
    if not keeps:
        turns = [of if of.state in SHOWN else _left(services, of) for of in turns]
    return Order(row["seed"], turns, list(again) == [of.username for of in in_order])


def _turn(services: Services, seed: str, of: Seat, names: Mapping[str, str]) -> Turn:
    return Turn(
        of.turn,
        of.batch,
        names.get(of.username, of.username),
        of.username,
        of.had,
        of.last_day,
        lot(seed, of.username)[:8],
        of.state,
        wording.seat_state(services.words, of.state),
        of.id,
    )


def _left(services: Services, of: Turn) -> Turn:
    """Why somebody left the order is between that person and the office."""
    said = services.words("judicial.hearings.left")
    return Turn(
        of.number,
        of.batch,
        of.name,
        of.username,
        of.had,
        of.last_day,
        of.draw,
        "left",
        said,
        of.seat,
    )
