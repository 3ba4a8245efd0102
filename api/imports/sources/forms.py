"""The form of a source, and what of it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.imports.forms import LONGEST_SOURCE
from api.imports.sources.periods import PeriodKind
from api.imports.sources.records import DueUnit, Source, Terms, Way
from api.imports.sources.ways import folder, view
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault

LONGEST_BEFORE = timedelta(days=366)
"""So far back may a source begin to owe."""
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


@dataclass(frozen=True, slots=True)
class Offered:
    """The choices there are: names of units, people and machines by id, of servers and databases;
    folders by server.
    """

    kinds: Mapping[str, str]
    units: Mapping[str, str]
    people: Mapping[str, str]
    machines: Mapping[str, str]
    servers: Mapping[str, Collection[str]]
    databases: Collection[str]
    folder: str


class Changed(BaseModel):
    """The terms of a source. ``server`` begins with its way: ``sftp/NAME``, ``view/NAME`` or
    ``token/ID``.
    """

    model_config = ConfigDict(extra="forbid")
    unit: _Text = ""
    username: _Text = ""
    due_amount: Annotated[int, Field(ge=1, le=366)] = 10
    due_unit: DueUnit = "working-day"
    way: Way = "hand"
    server: _Text = ""
    remote: _Text = ""
    hour: Annotated[int, Field(ge=0, le=23)] = 6
    good_rows: bool = False

    def terms(self, offered: Offered) -> Terms:
        """The terms.

        Raises:
            NotAccepted: something does not hold.
        """
        for refused in self._refusals(offered):
            raise refused
        way, _, server = self.server.partition("/")
        return Terms(
            unit=self.unit,
            username=self.username,
            due_amount=self.due_amount,
            due_unit=self.due_unit,
            way=self.way,
            server=server if way == self.way else "",
            remote=self.remote if self.way in ("folder", "sftp", "view") else "",
            hour=self.hour,
            good_rows=self.good_rows,
        )

    def _refusals(self, offered: Offered) -> Iterator[NotAccepted]:
        if self.unit not in offered.units:
            yield _refused("unit", "is none that there is", "choose one", "unit")
        if self.username and self.username not in offered.people:
            yield _refused("username", "is nobody's", "choose one, or nobody", "username")
        way, _, server = self.server.partition("/")
        known = {
            "sftp": offered.servers,
            "view": offered.databases,
            "token": offered.machines,
        }.get(self.way)
        if known is not None and (way != self.way or server not in known):
            yield _refused("server", "does not fit the way", "choose one of it", "server")
        elif self.way == "sftp" and self.remote not in offered.servers[server]:
            listed = "、".join(offered.servers[server])
            yield _refused("remote", "is no folder of it", f"give {listed}", "remote", of=listed)
        if self.way == "folder" and not offered.folder:
            yield _refused("way", "no folder is watched", "set imports.folder", "no-folder")
        elif self.way == "folder" and not folder.NAME.fullmatch(self.remote):
            yield _refused("remote", "is no name", "one name, no path", "folder-name")
        elif self.way == "folder" and self.remote in (folder.DONE, folder.REFUSED):
            yield _refused("remote", "is kept for others", "give another name", "folder-name")
        if self.way == "view" and not view.NAME.fullmatch(self.remote):
            yield _refused("remote", "is no name", "write it as schema.view", "view-name")


class New(Changed):
    """A source to register."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    kind: _Text = ""
    period: PeriodKind = "month"
    since_day: date | Literal[""] = ""

    def checked(self, offered: Offered, today: date) -> tuple[Terms, date]:
        """Its terms, and the day from which on it owes.

        Raises:
            NotAccepted: something does not hold.
        """
        if not 0 < len(self.name) <= LONGEST_SOURCE or not self.name.isprintable():
            remedy = f"give 1 to {LONGEST_SOURCE} characters"
            raise _refused("name", "is none", remedy, "name")
        if self.kind not in offered.kinds:
            raise _refused("kind", "is none that there is", "choose one", "kind")
        since = self.since_day or today
        first, last = today - LONGEST_BEFORE, today + 2 * LONGEST_BEFORE
        if not first <= since <= last:
            remedy = f"give one from {first} to {last}"
            raise _refused("since_day", "is far away", remedy, "since", first=first, last=last)
        return self.terms(offered), since


class Written(BaseModel):
    """The form as it was filled in."""

    model_config = ConfigDict(extra="ignore")
    name: _Text = ""
    kind: _Text = ""
    period: _Text = "month"
    since_day: _Text = ""
    unit: _Text = ""
    username: _Text = ""
    due_amount: _Text = "10"
    due_unit: _Text = "working-day"
    way: _Text = "hand"
    server: _Text = ""
    remote: _Text = ""
    hour: _Text = "6"
    good_rows: bool = False


class Reason(BaseModel):
    """Why a source is stopped."""

    model_config = ConfigDict(extra="forbid")
    why: _Text = ""

    def reasoned(self) -> str:
        """The words of the person.

        Raises:
            NotAccepted: there are none.
        """
        if not 0 < len(self.why) <= LONGEST_WHY or not self.why.isprintable():
            raise _refused("why", "is empty or long", "say why", "why")
        return self.why


def written_of(source: Source) -> Written:
    """The form of a source as it is."""
    terms = source.terms
    return Written(
        name=source.name, kind=source.kind, period=source.period, since_day=source.since_day,
        unit=terms.unit, username=terms.username, due_amount=str(terms.due_amount),
        due_unit=terms.due_unit, way=terms.way,
        server=f"{terms.way}/{terms.server}" if terms.server else "", remote=terms.remote,
        hour=str(terms.hour), good_rows=terms.good_rows,
    )  # fmt: skip


def _refused(where: str, what: str, remedy: str, key: str, **values: object) -> NotAccepted:
    return NotAccepted(Fault(where, what, remedy), key, **values)
