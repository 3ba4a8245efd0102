"""Begin matters, list them, show one, and put papers to it; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.accounts.records import Account, Secrecy
from api.deadlines.kept.answerable import staff
from api.files import actions as files
from api.files.repository import Attachment
from api.platforms.judicial.matters import repository, wording
from api.platforms.judicial.matters.procedure import (
    PROCEDURES,
    MatterRefused,
    responsible,
)
from api.platforms.judicial.matters.records import (
    EVALUATING,
    KIND,
    TEXTS,
    Asked,
    Line,
    Listed,
)
from api.platforms.judicial.matters.wording import MatterLine, Station
from api.platforms.judicial.papers import Papers, acting_on
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Item, ItemKind, Json, Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.events import standing
from api.procedures.ports import item_kind
from api.procedures.ports import todos as todos_of
from api.procedures.procedure import Procedure, Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from config.vocabulary.time import day_of

PAPERS = {kind: Papers(procedure) for kind, procedure in PROCEDURES.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter as its page shows it: its line, the way with the present state, all that was
    written, the groups and findings of an inspection, and its papers.
    """

    line: MatterLine
    way: Sequence[Station]
    texts: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    papers: Sequence[Attachment]


def procedure_of(kind: str) -> Procedure:
    """The procedure of a kind.

    Raises:
        UnknownThing: there is no such kind.
    """
    found = PROCEDURES.get(kind)
    if found is None:
        raise UnknownThing(f"unknown kind of matter {kind[:40]}; take one of {list(PROCEDURES)}")
    return found


def begin(services: Services, account: Account, kind: str, given: Mapping[str, str]) -> str:
    """Begin a matter of a body; its id. The body must have somebody who can answer, so that no
    term of it is without an owner.

    Args:
        services: of the site.
        account: the office.
        kind: of the matter.
        given: title and unit.

    Raises:
        UnknownThing, StepRefused
        MatterRefused: nobody of the body can answer.
    """
    procedure = procedure_of(kind)
    with taking.acts(services, procedure, account) as acting:
        values = {
            "kind": kind,
            "secrecy": Secrecy.OPEN,
            "opened_ms": acting.at_ms,
        }
        item_id, _ = taking.begin(acting, given, **values)
        everybody = staff(acting.connection, services.roles, day_of(acting.at_ms))
        made = {"unit": given["unit"].strip()}
        if not everybody.who(responsible("body", made)):
            remedy = "give somebody of the body the role that answers first"
            raise MatterRefused("unit", "nobody", remedy)
    return item_id


def listed(services: Services, account: Account, asked: Asked) -> Listed:
    """A page of the list."""
    with services.state.read() as connection:
        return Listed(*repository.listed(connection, account, asked))


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Row], int]:
    """All pages of a question, ``most`` rows at most, and how many there are."""
    whole = asked.model_copy(update={"page": 1})
    with services.state.read() as connection:
        return repository.listed(connection, account, whole, most)


def bodies(services: Services, account: Account) -> frozenset[str]:
    """The bodies of all matters that somebody sees."""
    with services.state.read() as connection:
        return repository.bodies(connection, account)


def seen(services: Services, row: Row) -> Seen:
    """A matter as it stands."""
    (line,) = wording.lines(services, [row])
    with services.state.read() as connection:
        found = repository.lines(connection, row["id"])
    words = services.words
    return Seen(
        line,
        wording.way(words, row),
        wording.texts(words, row),
        found,
        PAPERS[row["kind"]].at(services, row),
    )


def detach(
    services: Services, account: Account, kind: str, item_id: str, attachment_id: int, why: str
) -> None:
    """Take out a paper that came by the same hand and went with no step; nothing where there is
    none such.

    Raises:
        UnknownThing, StepRefused
    """
    row = acting_on(services, account, procedure_of(kind), item_id)
    for one in removable(services, account, row):
        if one.id == attachment_id:
            files.remove(services, account, one, why)


def removable(services: Services, account: Account, row: Row) -> Sequence[Attachment]:
    """Papers that somebody may take out again."""
    procedure = PROCEDURES[row["kind"]]
    with services.state.read() as connection:
        events = standing(procedures.events(connection, procedure, str(row["id"])))
    files_of = {
        step.name: [need.name for need in step.needs if need.kind == "file"]
        for step in procedure.steps
    }
    used = {event.given.get(name) for event in events for name in files_of.get(event.step, ())}
    mine = (account.username, account.actor.who)
    return [
        of
        for of in PAPERS[row["kind"]].at(services, row)
        if str(of.id) not in used and of.added_by in mine
    ]


def todos(services: Services, account: Account) -> list[Todo]:
    """Matters whose next step is somebody's."""
    words = services.words
    as_step = words(f"judicial.matter.step-{EVALUATING}")
    named = {as_step: wording.awaited(words, EVALUATING)}
    found = [todo for of in PROCEDURES.values() for todo in todos_of(services, account, of)]
    return [replace(todo, note=named.get(todo.note, todo.note)) for todo in found]


def content(services: Services, row: Row) -> Json:
    """A matter as an item for other platforms: it explains itself."""
    found = seen(services, row)
    days = ("meeting_day", "decided_day", "answer_day", "answered_day", "evaluated_day")
    return {
        "kind": found.line.kind,
        "body": found.line.unit,
        "meeting": row["meeting"],
        "decided_meeting": row["decided_meeting"],
        "evaluated_meeting": row["evaluated_meeting"],
        **{name: row[name].isoformat() if row[name] else None for name in days},
        **{name: row[name] for name in TEXTS},
        "lines": [{"sort": of.sort, "label": of.label, "text": of.text} for of in found.lines],
    }


def _read(services: Services, account: Account, item_id: str) -> Item | None:
    with services.state.read() as connection:
        kind = repository.kind_of(connection, item_id)
    return _READERS[kind].read(services, account, item_id) if kind else None


_READERS = {name: item_kind(procedure, content) for name, procedure in PROCEDURES.items()}
ITEM = ItemKind(KIND, JudicialPermission.SEE, _read, "seen")
