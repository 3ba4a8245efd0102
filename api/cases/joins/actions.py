"""Find what may belong to some things or to a case, and set a proposal aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from api import items
from api.accounts.records import Account
from api.cases import repository as cases
from api.cases.changing import NothingToJoin, audited, changeable, named, reason_of
from api.cases.joins import repository
from api.cases.joins.matching import SPAN_DAYS, matched
from api.cases.joins.records import Proposal
from api.ports import Item, Reference
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import Platform
from api.traces.records import Traced
from api.web.declared import Declared
from config.vocabulary.time import DAY_MS

SET_ASIDE = "case.set-aside"
MOST_SHOWN = 20
"""Proposals of a case."""


class AsideAlready(Declared):
    """The proposal was set aside before."""

    status = 409
    words = "cases.joins.aside-already"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with both things as the reader sees them now."""

    proposal: Proposal
    item: Item
    source: Item


def proposals(
    services: Services,
    roster: Sequence[Platform],
    account: Account,
    references: Sequence[Reference],
) -> list[Proposal]:
    """Things of other platforms that may belong to some things, the strongest first. Neither a
    proposal nor a reason names anything that the account may not see.
    """
    return [of.proposal for of in proposed(services, roster, account, references)]


def proposed(
    services: Services,
    roster: Sequence[Platform],
    account: Account,
    references: Sequence[Reference],
    without: Collection[Reference] = (),
) -> list[Proposed]:
    """The same with the things themselves, and without some that nobody wants to see again."""
    given = replace(services, roster=tuple(roster))

    @cache
    def read(reference: Reference) -> Item | None:
        return items.read(roster, services, account, reference)

    def seen(reference: Reference) -> bool:
        return reference not in without and read(reference) is not None

    found = []
    for one in matched(list(_rows(given, roster)), frozenset(references), seen):
        item, source = read(one.reference), read(one.source)
        if item is not None and source is not None:
            found.append(Proposed(one, item, source))
    return found[:MOST_SHOWN]


def for_case(
    services: Services, roster: Sequence[Platform], account: Account, row: Row
) -> list[Proposed]:
    """Proposals for all that belongs to a case which somebody sees."""
    with services.state.read() as connection:
        joined = cases.joined(connection, row["id"])
        aside = repository.aside(connection, row["id"])
    belonging = [of.kept.frozen.reference for of in joined if of.removed is None]
    return proposed(services, roster, account, belonging, aside) if belonging else []


def listed(
    services: Services, roster: Sequence[Platform], account: Account, item_id: str
) -> list[Proposed]:
    """The same by the id of the case.

    Raises:
        UnknownThing: they do not see the case.
    """
    with services.state.read() as connection:
        row = cases.case_to_see(connection, account, item_id)
    if row is None:
        raise UnknownThing(f"unknown case {item_id[:40]}")
    return for_case(services, roster, account, row)


def set_aside(
    roster: Sequence[Platform],
    services: Services,
    account: Account,
    item_id: str,
    reference: Reference,
    why: str,
) -> None:
    """A thing does not belong to a case, and is not proposed for it again.

    Raises:
        UnknownThing: it is no case on which they may act.
        NothingToJoin: there is no such thing that they see.
        NotRunning, WhyMissing, AsideAlready
    """
    said = reason_of(why)
    if items.read(roster, services, account, reference) is None:
        raise NothingToJoin(f"nothing that may be kept: {named(reference)}")
    with services.state.begin() as connection:
        row = changeable(connection, account, item_id)
        at_ms, who = services.now_ms(), account.username
        if not repository.set_aside(
            connection, row["id"], reference, why=said, who=who, at_ms=at_ms
        ):
            raise AsideAlready(f"{named(reference)} was set aside for case {row['number']}")
        detail = {"item": named(reference), "why": said}
        audited(connection, account, SET_ASIDE, f"case/{row['id']}", detail, at_ms)


def _rows(services: Services, roster: Sequence[Platform]) -> Iterator[Traced]:
    """Things of kinds of which copies are kept; no other can be joined."""
    since_ms = services.now_ms() - SPAN_DAYS * DAY_MS
    for platform in roster:
        kept = {of.name for of in platform.items if of.copies != "never"}
        yield from (of for of in platform.traced(services, since_ms) if of.reference.kind in kept)
