"""Register letters, read them, see who wrote one, and count; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from api import audit
from api.accounts.records import Account, Secrecy
from api.platforms.judicial import unit_names
from api.platforms.judicial.letters import repository
from api.platforms.judicial.letters.procedure import PROCEDURE
from api.platforms.judicial.letters.records import (
    A_PAGE,
    ELSEWHERE,
    KIND,
    Asked,
    Counts,
    Line,
    NoPetitioner,
    NotRegistered,
    Petitioner,
    forgets_after,
    last_ended,
    months_of,
    names,
    person_mark,
    petitioner_faults,
    sorting,
)
from api.platforms.judicial.low_counts import side_by_side
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Json
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS, day_of

_AT_ONCE = 500
"""Petitioners of one transaction: others wait meanwhile."""


def register(
    services: Services, account: Account, given: Mapping[str, str], petitioner: Petitioner
) -> str:
    """Register a letter, and keep apart who wrote it; its id. Letters of the same person are
    joined where a telephone number, or name and address, are the same.

    Raises:
        NotRegistered: of the petitioner's fields, or the summary names them.
        StepRefused: see :func:`api.procedures.taking.begin`; TextRefused, ConclusionRefused.
    """
    wrong = dict(petitioner_faults(petitioner))
    if names(given.get("summary", ""), petitioner):
        wrong["summary"] = "summary"
    if wrong:
        raise NotRegistered(wrong)
    mark = person_mark(services.site_key.of("petitioner"), petitioner)
    today = date.fromisoformat(day_of(services.now_ms()))
    with taking.acts(services, PROCEDURE, account) as acting:
        first = repository.first_of(acting.connection, mark) if mark else None
        item_id, _ = taking.begin(
            acting,
            given,
            registered_day=today,
            repeat_of=first,
            secrecy=int(Secrecy.INTERNAL),
        )
        if petitioner:
            repository.put_petitioner(acting.connection, int(item_id), petitioner, mark)
    return item_id


def letter(services: Services, account: Account, item_id: str) -> Row:
    """A letter that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown letter {item_id[:40]}")
    return row


def registers(services: Services, account: Account, item_id: str) -> bool:
    """Whether somebody keeps the register in which a letter stands."""
    with services.state.read() as connection:
        return procedures.in_hands(
            connection, PROCEDURE, item_id, account, JudicialPermission.REGISTER_LETTERS
        )


def identify(services: Services, account: Account, item_id: str) -> Petitioner:
    """The person who wrote a letter, for the register alone; the audit keeps who asked.

    Raises:
        UnknownThing, NoPetitioner
    """
    row = letter(services, account, item_id)
    if not registers(services, account, item_id):
        raise UnknownThing(f"the petitioner of letter {item_id[:40]} is for the register")
    with services.state.begin() as connection:
        found = repository.petitioner(connection, row["id"])
        if not found:
            raise NoPetitioner(f"nobody is kept with letter {row['id']}")
        audit.record(
            connection,
            by=account.actor,
            action="judicial.letter-petitioner",
            subject=f"judicial/{KIND}/{row['id']}",
            detail="",
            at_ms=services.now_ms(),
        )
    return found


def repeats(services: Services, account: Account, row: Row) -> Sequence[Line]:
    """The letters of the same person that an account sees; none where this is the only one."""
    with services.state.read() as connection:
        return repository.repeats(connection, account, row)


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Line], int, int]:
    """A page of letters, how many there are, and the id from which it goes on, 0 at the end."""
    with services.state.read() as connection:
        lines = repository.listed(connection, account, asked, A_PAGE + 1, before=asked.before)
        count = repository.count(connection, account, asked)
    return lines[:A_PAGE], count, lines[A_PAGE - 1].id if len(lines) > A_PAGE else 0


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Line], int]:
    """All pages of a question, and how many lines there are."""
    with services.state.read() as connection:
        lines = repository.listed(connection, account, asked, most)
        return lines, repository.count(connection, account, asked)


def counts(services: Services, quarter: str) -> Counts:
    """The letters that were registered in a quarter that has ended, the last one where none is
    given. Counts of a quarter stand: were they given month by month, the difference of two answers
    would tell what each hides.

    Raises:
        NotEnded
    """
    today = date.fromisoformat(day_of(services.now_ms()))
    quarter = quarter or last_ended(today)
    months = months_of(quarter, today)
    first = date.fromisoformat(f"{months[0]}-01")
    last = (date.fromisoformat(f"{months[-1]}-28") + timedelta(days=4)).replace(day=1)
    with services.state.read() as connection:
        found = repository.registered(connection, first, last - timedelta(days=1))
    topics, towns = sorting().topics, (*unit_names.every(services, "town"), ELSEWHERE)
    by_topic = [[0] * len(months) for _ in topics]
    by_town = [[0] * len(months) for _ in towns]
    for topic, town, day in found:
        month = months.index(day.isoformat()[:7])
        by_topic[topics.index(topic)][month] += 1
        by_town[towns.index(town) if town in towns else -1][month] += 1
    return Counts(quarter, months, topics, towns, *side_by_side(by_topic, by_town))


def quarters(services: Services, most: int = 8) -> Sequence[str]:
    """The quarters that have ended, the last one first."""
    found = [last_ended(date.fromisoformat(day_of(services.now_ms())))]
    while len(found) < most:
        year, number = map(int, found[-1].split("-"))
        found.append(last_ended(date(year, 3 * number - 1, 1)))
    return found


def content(services: Services, row: Row) -> Json:
    """A letter as an item: nothing of whoever wrote it."""
    words = services.words
    return {
        "number": row["id"],
        "received": row["received_day"].isoformat(),
        "kind": words(f"judicial.letter.kind-{row['kind']}"),
        "topic": words(f"judicial.letter.topic-{row['topic']}"),
        "summary": row["summary"],
        "answer": row["answer"],
    }


def forget(core: CoreServices) -> None:
    """The job of each night: remove who wrote letters that were answered long ago. The audit keeps
    of which letters.
    """
    now_ms = core.now_ms()
    before_ms = now_ms - forgets_after(core.district) * DAY_MS
    forgotten: Sequence[int] = range(_AT_ONCE)
    while len(forgotten) == _AT_ONCE:
        with core.state.begin() as connection:
            forgotten = repository.forget_before(connection, before_ms, _AT_ONCE)
            audit.record_all(
                connection,
                by=audit.CENTRE,
                action="judicial.letter-forgotten",
                details={f"judicial/{KIND}/{of}": "" for of in forgotten},
                at_ms=now_ms,
            )
