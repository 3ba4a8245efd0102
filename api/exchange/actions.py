"""Read the exchange: what a body is asked, what it sent, and receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.accounts.records import Account
from api.accounts.sign_in import MACHINE
from api.deadlines.records import Deadline
from api.exchange import repository
from api.exchange.records import ANSWERING, BY_OFFICE, LOAD, Came, Entry, Paper, Thing
from api.exchange.repository import Reader
from api.files import actions as files
from api.imports import actions as imports
from api.imports.permission import ImportPermission
from api.imports.records import Fault, Load, Report
from api.imports.repository import Loads
from api.imports.sources import actions as source_actions
from api.imports.sources.records import Source
from api.imports.sources.repository import Sources
from api.ports import Reference
from api.services import Services
from api.shape import Platform


@dataclass(frozen=True, slots=True)
class Asked:
    """A thing or a table that a body is asked for, with the term that runs; None: none does."""

    of: Thing | Source
    term: Deadline | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Something that came, with all that is known of it. ``entered`` is a username, the
    number of a machine with ``MACHINE`` before it, or empty: the centre fetched it. An answer has
    the name that stood under it, and the file that came with it.
    """

    came: Came
    entered: str
    by_office: bool
    report: Report | None = None
    faults: Sequence[Fault] = ()
    paper: Paper | None = None


def reader(
    services: Services, roster: Iterable[Platform], account: Account, unit: str = ""
) -> Reader:
    """Somebody who reads the exchange. Who holds no unit sees the tables whose loads they see."""
    if not account.may(ImportPermission.SEE_LOADS):
        return Reader(account, (), unit)
    return Reader(account, tuple(imports.seen(imports.parts_of(services, roster), account)), unit)


def units(services: Services, account: Account) -> Sequence[tuple[str, str]]:
    """Ids and names of the units whose exchange somebody sees."""
    with services.state.read() as connection:
        return repository.units(connection, account)


def asked(services: Services, who: Reader) -> Sequence[Asked]:
    """All that bodies are asked for, the first due first, what has no term behind."""
    with services.state.read() as connection:
        things = repository.things(connection, who)
        sources = repository.sources(connection, Sources(services.state), who)
        named: list[tuple[Thing | Source, Reference]]
        named = [(of, Reference("cases", of.kind, str(of.id))) for of in things]
        named += [(of, of.reference) for of in sources]
        terms = repository.terms(connection, [of for _, of in named])
    found = [Asked(of, term) for of, reference in named for term in terms.get(reference, (None,))]
    return sorted(found, key=_urgency)


def _urgency(of: Asked) -> tuple[bool, int]:
    return of.term is None, of.term.reckoned.due_ms if of.term else 0


def sent(
    services: Services, who: Reader, most: int, first: int = 0
) -> tuple[Sequence[tuple[Entry, Came]], int]:
    """Things that came, the newest first, and how many there are of all."""
    with services.state.read() as connection:
        entries, total = repository.sent(connection, who, most, first)
        ids: dict[str, list[int]] = defaultdict(list)
        for of in entries:
            ids[of.kind].append(of.id)
        found: dict[tuple[str, int], Came] = {
            (LOAD, of.id): of for of in repository.loads(connection, who, ids.pop(LOAD, []))
        }
        for kind, some in ids.items():
            of_kind = repository.answers(connection, who, ANSWERING[kind], some)
            found |= {(kind, of.id): of for of in of_kind}
    return [(of, found[of.kind, of.id]) for of in entries], total


def receipt_of_load(services: Services, who: Reader, load_id: int) -> Receipt | None:
    """The receipt of a table; None where they see none of this number."""
    with services.state.read() as connection:
        found = repository.loads(connection, who, [load_id])
    return _of_load(services, found[0]) if found else None


def receipt_of_answer(services: Services, who: Reader, event_id: int) -> Receipt | None:
    """The receipt of an answer; None where they see none of this number."""
    with services.state.read() as connection:
        found = [
            answer
            for of in ANSWERING.values()
            for answer in repository.answers(connection, who, of, [event_id])
        ]
        if not found:
            return None
        (answer,) = found
        number = answer.paper
        kept = files.files(services).one(connection, int(number)) if number.isdecimal() else None
    paper = Paper(kept.name, kept.sha256) if kept else None
    return Receipt(answer, answer.signed, answer.step == BY_OFFICE, paper=paper)


def receipts_of_machine(
    services: Services, account: Account, source_id: int, most: int, load_id: int | None = None
) -> Sequence[Receipt] | None:
    """Receipts of what a machine sent for the source that names it, the newest first; None where
    none does.

    Raises:
        BoundToTables
    """
    source = source_actions.source_of(services, account, source_id)
    if source is None:
        return None
    with services.state.read() as connection:
        found = repository.loads_of_machine(connection, source, account.username, most, load_id)
    return [_of_load(services, of) for of in found]


def machine_of(services: Services, username: str) -> str:
    """The name of the machine that is called so; empty where that is none."""
    number = username.removeprefix(MACHINE)
    if number == username or not number.isdecimal():
        return ""
    with services.state.read() as connection:
        return repository.machine(connection, int(number))


def _of_load(services: Services, load: Load) -> Receipt:
    report, faults = Loads(services.state).report(load.id)
    person = bool(load.made_by) and not load.made_by.startswith(MACHINE)
    return Receipt(load, load.made_by, person, report, faults)
