"""The exchange in words: lines of its lists, their tables, and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.deadlines import wording as deadline_words
from api.exchange import actions
from api.exchange.actions import Asked, Receipt
from api.exchange.records import (
    ANSWERING,
    LOAD,
    Came,
    Entry,
    digest,
    number_of,
    received,
)
from api.imports import wording as load_words
from api.imports.permission import ImportPermission
from api.imports.records import Load
from api.imports.sources import wording as source_words
from api.imports.sources.records import Source
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.working_days import WorkingDays

MOST_FAULTS = 200
"""Of a table that a receipt lists."""
ASKED = Heads("exchange.column", ("kind", "title", "unit", "due", "left"), {"due": "day"})
SENT = Heads(
    "exchange.column",
    ("number", "came", "kind", "title", "unit", "state", "rows", "refused", "faults"),
    {"came": "instant", "rows": "count", "refused": "count", "faults": "count"},
)
COUNTS = ("rows", "refused", "fresh", "changed", "same")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Something a body is asked for. ``due`` is ISO text, empty without a term; ``path`` is that
    of a page, empty where the reader may open none.
    """

    kind: str
    key: str
    title: str
    unit: str
    due: str
    left: str
    tone: str
    lamp: str
    path: str


@dataclass(frozen=True, slots=True)
class SentLine:
    """Something that came; ``path`` is that of its receipt, below the platform."""

    entry: Entry
    kind: str
    title: str
    unit: str
    state: str
    path: str
    load: Load | None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt in words. ``sha256`` is that of ``received`` where that is text, else of the
    file.
    """

    number: str
    kind: str
    title: str
    unit: str
    came_ms: int
    sha256: str
    entered_by: str
    taken_by: str
    state: str
    received: str


def units(services: Services) -> Mapping[str, str]:
    """Names of all units by id."""
    return {of.id: services.words.name(of.name) or of.id for of in Units(services.state).all()}


def kind_of(services: Services, kind: str) -> str:
    """The name of a kind of what is asked for or came."""
    return services.words(f"exchange.kind-{kind}")


def asked_lines(
    services: Services, account: Account, found: Iterable[Asked], names: Mapping[str, str]
) -> list[AskedLine]:
    """Things that bodies are asked for, in words; of a table that is not owed yet the day until
    when it will be.
    """
    days = services.working_days
    lines = [_asked(services, account, of, names, days) for of in found]
    return sorted(lines, key=lambda of: (not of.due, of.due))


def _asked(
    services: Services, account: Account, asked: Asked, names: Mapping[str, str], days: WorkingDays
) -> AskedLine:
    of, t = asked.of, services.words
    due = left = tone = lamp = ""
    title, path = (of.name, "") if isinstance(of, Source) else (of.title, of.path)
    unit, kind = (of.terms.unit, LOAD) if isinstance(of, Source) else (of.unit, of.kind)
    if asked.term is not None:
        said = deadline_words.line(t, asked.term, services.now_ms())
        due = asked.term.reckoned.due.isoformat()
        left, tone, lamp = said.left, said.tone, said.lamp_name
        title = asked.term.title if isinstance(of, Source) else title
    elif isinstance(of, Source) and (ahead := source_words.following(services, of, days)):
        due, left, tone, lamp = ahead.due, ahead.left, ahead.tone, ahead.lamp
        title = t("sources.owed", name=of.name, period=ahead.period)
    if isinstance(of, Source) and account.may(ImportPermission.SEE_LOADS):
        path = of.path
    key = f"{kind}-{of.id}-{due}"
    return AskedLine(
        kind_of(services, kind), key, title, names.get(unit, unit), due, left, tone, lamp, path
    )


def sent_lines(
    services: Services, found: Iterable[tuple[Entry, Came]], names: Mapping[str, str]
) -> list[SentLine]:
    """Things that came, as a list shows them."""
    return [
        SentLine(
            entry,
            kind_of(services, entry.kind),
            title_of(came),
            names.get(came.unit, came.unit),
            state_of(services, came),
            f"/receipts/{'loads' if isinstance(came, Load) else 'answers'}/{entry.id}",
            came if isinstance(came, Load) else None,
        )
        for entry, came in found
    ]


def title_of(came: Came) -> str:
    """The source and the file of a table, the title of what was answered."""
    return f"{came.source} · {came.file}" if isinstance(came, Load) else came.title


def state_of(services: Services, came: Came) -> str:
    """How it stands with what came."""
    if isinstance(came, Load):
        return services.words(f"imports.state-{came.state}")
    if came.taken_back:
        return services.words("exchange.taken-back")
    return services.words(f"{ANSWERING[came.kind].procedure.words}.state-{came.state}")


def receipt(services: Services, found: Receipt, names: Mapping[str, str]) -> ReceiptLine:
    """A receipt in words."""
    came, t = found.came, services.words
    office = t("exchange.system")
    if isinstance(came, Load):
        kind, at_ms, text, sha256 = LOAD, came.made_ms, "", came.sha256
        entered = _who(services, found.entered)
    else:
        kind, at_ms, text = came.kind, came.at_ms, received(came, found.paper)
        sha256, entered = digest(text), found.entered
    return ReceiptLine(
        number_of(kind, came.id),
        kind_of(services, kind),
        title_of(came),
        names.get(came.unit, came.unit),
        at_ms,
        sha256,
        entered,
        entered if found.by_office else office,
        state_of(services, came),
        text,
    )


def _who(services: Services, username: str) -> str:
    if not username:
        return services.words("exchange.fetched")
    if machine := actions.machine_of(services, username):
        return machine
    return People(services.state).names([username]).get(username, username)


def counts(services: Services, load: Load) -> list[tuple[str, int]]:
    """Rows of a table and what became of them."""
    return [(services.words(f"imports.count-{name}"), getattr(load, name)) for name in COUNTS]


def faults(services: Services, found: Receipt) -> list[tuple[str, str, str]]:
    """The first faults of a table: position, what is wrong, and the way out."""
    t = services.words
    return [
        (load_words.position(t, of), load_words.what(t, of), load_words.remedy(t, of))
        for of in found.faults[:MOST_FAULTS]
    ]


def asked_table(services: Services, lines: Iterable[AskedLine]) -> Sheet:
    """Things that bodies are asked for, for a spreadsheet."""
    rows = (
        [of.kind, of.title, of.unit, date.fromisoformat(of.due) if of.due else None, of.left]
        for of in lines
    )
    return ASKED.sheet(services.words, services.words("exchange.asked"), rows)


def sent_table(services: Services, lines: Sequence[SentLine]) -> Sheet:
    """Things that came, for a spreadsheet."""
    return SENT.sheet(services.words, services.words("exchange.sent"), _sent_rows(lines))


def _sent_rows(lines: Sequence[SentLine]) -> Iterator[list[Value]]:
    for of in lines:
        load = of.load
        figures: list[Value] = [load.rows, load.refused, load.faults] if load else [None] * 3
        said: list[Value] = [of.entry.number, of.entry.at_ms, of.kind, of.title, of.unit, of.state]
        yield [*said, *figures]
