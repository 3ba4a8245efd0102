"""Everything over a case on one axis of time, as far as a reader may know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api import items
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.cases import repository as cases
from api.cases.means import actions as means
from api.cases.means.procedure import PROCEDURE as MEASURES
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.records import Joined
from api.cases.rectification import actions as rectification
from api.cases.rectification.procedure import PROCEDURE as RECTIFICATIONS
from api.cases.story import repository
from api.cases.story.records import Entry, Handed, Story, moments
from api.copies.records import Shown
from api.procedures import repository as procedures
from api.procedures import wording
from api.procedures.procedure import Procedure, Row
from api.services import Services
from api.shape import Platform


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a case that a reader may know: things that were ever joined, those that they may read
    with their copy; and ``hidden``, how many belong to it of which they may know nothing more.
    """

    row: Row
    things: Sequence[tuple[Joined, Shown]]
    hidden: int
    measures: Sequence[Row]
    questions: Sequence[Row]
    rectifications: Sequence[Row]
    shares: Sequence[Handed]

    @property
    def belonging(self) -> list[tuple[Joined, Shown]]:
        """Those that were not taken out."""
        return [(of, shown) for of, shown in self.things if of.removed is None]


def parts(roster: Sequence[Platform], services: Services, account: Account, row: Row) -> Parts:
    """All of a case as far as an account may know."""
    with services.state.read() as connection:
        joined = cases.joined(connection, row["id"])
        shares = repository.handed(connection, row["id"])
    things, hidden = [], 0
    for of in joined:
        own = of.kept.who == account.username
        copy = items.readable(roster, services, account, of.kept.frozen, own=own)
        if copy is not None:
            things.append((of, Shown(of.kept, copy)))
        elif of.removed is None:
            hidden += 1
    return Parts(
        row,
        things,
        hidden,
        means.of_case(services, account, row["id"]),
        questions.of_case(services, account, row["id"]),
        rectification.of_case(services, account, row["id"]),
        shares,
    )


def story_of(services: Services, of: Parts) -> Story:
    """The story of a case, the newest last."""
    entries = [
        *_of_procedure(services, PROCEDURE, [of.row]),
        *_of_procedure(services, MEASURES, of.measures),
        *_of_procedure(services, QUESTIONS, of.questions),
        *_of_procedure(services, RECTIFICATIONS, of.rectifications),
        *_of_things(services, of),
        *_of_shares(services, of),
    ]
    return Story(sorted(entries, key=lambda entry: entry.at_ms), of.hidden)


def _of_procedure(
    services: Services, procedure: Procedure, rows: Iterable[Row]
) -> Iterator[Entry]:
    for row in rows:
        subject = procedures.reference(procedure, str(row["id"]))
        with services.state.read() as connection:
            events = procedures.events(connection, procedure, subject.id)
        for moment in reversed(wording.moments(services, procedure, subject, events)):
            yield Entry(
                moment.at_ms,
                procedure.platform,
                procedure.title(row),
                procedure.path(row),
                moment.title,
                moment.note,
                moment.said,
            )


def _of_things(services: Services, of: Parts) -> Iterator[Entry]:
    with services.state.read() as connection:
        removals = repository.removals(connection, of.row["id"])
    people = {joined.kept.who for joined, _ in of.things} | {who for _, who in removals.values()}
    names = People(services.state).names(sorted(people))
    for joined, shown in of.things:
        yield from _of_thing(services, joined, shown, names, removals.get(joined.id))


def _of_shares(services: Services, of: Parts) -> Iterator[Entry]:
    words, path = services.words, PROCEDURE.path(of.row)
    people = {one.who for one in of.shares} | {one.signed[1] for one in of.shares if one.signed}
    people |= {by for one in of.shares for _, by in one.results}
    names = People(services.state).names(sorted(people))
    for one in of.shares:
        about = words("cases.sharing.numbered", number=one.number)
        title = words("cases.story.shared", receiver=one.receiver)
        why = [(words("cases.story.why"), one.reason)]
        who = names.get(one.who, one.who)
        yield Entry(one.at_ms, PROCEDURE.platform, about, path, title, who, why)
        if one.signed:
            at_ms, by, taker = one.signed
            title = words("cases.story.signed", receiver=one.receiver, taker=taker)
            yield Entry(at_ms, PROCEDURE.platform, about, path, title, names.get(by, by))
        for at_ms, by in one.results:
            title = words("cases.story.result", receiver=one.receiver)
            yield Entry(at_ms, PROCEDURE.platform, about, path, title, names.get(by, by))


def _of_thing(
    services: Services,
    joined: Joined,
    shown: Shown,
    names: Mapping[str, str],
    removal: tuple[int, str] | None,
) -> Iterator[Entry]:
    words, platform = services.words, joined.kept.frozen.reference.platform
    about, path, why = shown.copy.title, shown.path, words("cases.story.why")

    def entry(at_ms: int, title: str, note: str, reason: str = "") -> Entry:
        return Entry(at_ms, platform, about, path, title, note, [(why, reason)] if reason else [])

    who = names.get(joined.kept.who, joined.kept.who)
    yield entry(joined.kept.at_ms, words("cases.story.joined"), who, joined.why)
    if removal is not None:
        at_ms, by = removal
        yield entry(at_ms, words("cases.story.removed"), names.get(by, by), joined.removed or "")
        return
    for one in moments(shown.copy.content):
        title = one.done or words(f"cases.story.at-{one.field}")
        yield entry(one.at_ms, title, one.by)
