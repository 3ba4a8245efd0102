"""Filings over the API. Days are ISO text, instants UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api.platforms.documents.filings.actions.filings import Shown
from api.platforms.documents.filings.records.checking import Lack, LackKind
from api.platforms.documents.filings.records.facts import (
    DAYS,
    Line,
    Official,
    Reason,
    Registered,
    Returned,
    State,
    facts_of,
)
from api.platforms.documents.texts.records import Kind
from api.procedures.procedure import Row
from api.web.forms import LONGEST_WHY, MOST_ID, Typed

Version = Annotated[int, Field(ge=1, le=MOST_ID)] | None
Said = Annotated[str, Field(max_length=LONGEST_WHY)]


class Written(BaseModel):
    """The facts of a filing as somebody writes them; days are ISO text, or empty."""

    model_config = ConfigDict(extra="forbid")
    kind: Typed = ""
    title: Typed = ""
    number: Typed = ""
    passed: Typed = ""
    published: Typed = ""
    in_force: Typed = ""
    valid_until: Typed = ""
    basis: Typed = ""
    amends: Typed = ""

    def given(self) -> dict[str, str]:
        """As a step takes them."""
        return {name: getattr(self, name) for name in Written.model_fields}


class Beginning(Written):
    """A new filing; ``maker`` is the id of a unit."""

    maker: Typed = ""


class Changing(Written):
    """Other facts, with the version that was seen."""

    version: Version = None


class PaperSent(BaseModel):
    """A paper by its code in the checklist."""

    model_config = ConfigDict(extra="forbid")
    paper: Typed = ""
    file: UploadFile


class PackageSent(BaseModel):
    """A package; with ``maker`` a filing of that unit begins."""

    model_config = ConfigDict(extra="forbid")
    maker: Typed = ""
    file: UploadFile


class Registering(BaseModel):
    """The registration; ``note`` says what the office made of differences."""

    model_config = ConfigDict(extra="forbid")
    note: Said = ""
    version: Version = None


class Handing(BaseModel):
    """The units of committees that get the document."""

    model_config = ConfigDict(extra="forbid")
    units: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=30)]
    version: Version = None


class OfficialGiven(BaseModel):
    """The receipt of the province's platform; ``link`` is an https address or empty."""

    model_config = ConfigDict(extra="forbid")
    number: Typed
    day: Typed = ""
    link: Typed = ""


class FilingLine(BaseModel):
    """A filing in the register; ``late``: filed after its term."""

    id: int
    maker: str
    kind: Kind
    title: str
    number: str
    published: str | None
    state: State
    sent_ms: int | None
    late: bool
    register_year: int | None
    register_number: int | None
    official: str


class FilingList(BaseModel):
    """A page of the register, and how many there are."""

    count: int
    filings: list[FilingLine]


class ReturnLine(BaseModel):
    """One return of a filing."""

    filing: int
    maker: str
    title: str
    reason: Reason
    remark: str
    at_ms: int


class ReturnList(BaseModel):
    """Returns, the last first."""

    returns: list[ReturnLine]


class PaperState(BaseModel):
    """A paper at a filing; ``file`` is its id at ``/api/v1/files``."""

    paper: str
    file: int
    name: str
    sha256: str


class LackState(BaseModel):
    """A thing that is missing or differs: with ``stops`` the filing cannot be sent before."""

    kind: LackKind
    where: str
    stops: bool
    values: dict[str, str]


class EntryState(BaseModel):
    """The entry in the register: ``text`` is what was kept, ``receipt`` the id of the paper."""

    year: int
    number: int
    day: str
    text: int
    text_version: int
    receipt: int


class OfficialState(BaseModel):
    """The receipt of the province's platform."""

    number: str
    day: str
    link: str
    source: str


class HandoutState(BaseModel):
    """A document in the hands of a committee."""

    id: int
    committee: str
    state: str
    opinion: str


class FilingState(BaseModel):
    """A filing with its papers and all that stands against it; its steps and terms are at
    ``…/procedure``.
    """

    id: int
    version: int
    state: State
    maker: str
    kind: Kind
    title: str
    number: str
    passed: str | None
    published: str | None
    in_force: str | None
    valid_until: str | None
    basis: str
    amends: str
    needed: list[str]
    papers: list[PaperState]
    lacks: list[LackState]
    late: bool
    due: str | None
    entry: EntryState | None
    official: OfficialState | None
    handouts: list[HandoutState]


def line(of: Line) -> FilingLine:
    """A filing of the register as programs see it."""
    year, number = of.registered or (None, None)
    return FilingLine(
        id=of.id,
        maker=of.unit,
        kind=of.kind,
        title=of.title,
        number=of.number,
        published=of.published.isoformat() if of.published else None,
        state=of.state,
        sent_ms=of.sent_ms,
        late=of.late,
        register_year=year,
        register_number=number,
        official=of.official,
    )


def returned(of: Returned) -> ReturnLine:
    """A return as programs see it."""
    return ReturnLine(
        filing=of.filing,
        maker=of.unit,
        title=of.title,
        reason=of.reason,
        remark=of.remark,
        at_ms=of.at_ms,
    )


def state(of: Shown) -> FilingState:
    """A filing as programs see it."""
    row, facts = of.row, facts_of(of.row)
    return FilingState(
        id=row["id"],
        version=row["version"],
        state=row["state"],
        maker=row["unit"],
        kind=facts.kind,
        title=facts.title,
        number=facts.number,
        basis=row["basis"] or "",
        amends=row["amends"] or "",
        needed=list(of.needed),
        papers=[
            PaperState(paper=one.code, file=one.attachment, name=one.name, sha256=one.sha256)
            for one in of.papers
        ],
        lacks=[lack(one) for one in of.lacks],
        late=bool(of.term and of.term.late),
        due=of.term.reckoned.due.isoformat() if of.term else None,
        entry=entry(of.entry) if of.entry else None,
        official=official(of.official) if of.official else None,
        handouts=[handout(one) for one in of.handouts],
        **{name: getattr(facts, name) for name in DAYS},
    )


def lack(of: Lack) -> LackState:
    """A thing that is missing or differs."""
    values = {name: str(said) for name, said in of.values.items()}
    return LackState(kind=of.kind, where=of.where, stops=of.stops, values=values)


def entry(of: Registered) -> EntryState:
    """An entry of the register."""
    return EntryState(
        year=of.year,
        number=of.number,
        day=of.day,
        text=of.text,
        text_version=of.text_version,
        receipt=of.receipt,
    )


def official(of: Official) -> OfficialState:
    """A receipt of the province's platform."""
    return OfficialState(number=of.number, day=of.day, link=of.link, source=of.source)


def handout(row: Row) -> HandoutState:
    """A hand-out."""
    return HandoutState(
        id=row["id"],
        committee=row["unit"],
        state=row["state"],
        opinion=row["opinion"] or "",
    )
