"""The meetings of this platform, and the forms about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.meetings.records import LONGEST_TEXT, MOST_INVITED, Host, Invited
from api.platforms.duty.permission import DutyPermission
from api.web.forms import LONGEST_WHY, MOST_ID, Typed

PATH = "/meetings"
KINDS = ("session", "committee", "activity", "training", "notice", "other")
HOST = Host(
    "duty",
    DutyPermission.CONVENE,
    DutyPermission.ATTEND,
    f"/duty{PATH}",
    KINDS,
    sessions="session",
)
A_PAGE = 50
Done = Literal["", "saved", "sent", "invited", "minutes", "opinion", "entered", "attached"]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT * 2)]
_Id = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]


class MeetingGiven(BaseModel):
    """Details of a meeting as a form has them; times are those of the district's clock."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    title: Typed = ""
    kind: Annotated[str, Field(max_length=20)] = "activity"
    wants: Annotated[str, Field(max_length=10)] = "attend"
    text: _Text = ""
    begin: Annotated[str, Field(alias="from", max_length=20)] = ""
    until: Annotated[str, Field(max_length=20)] = ""
    location: Typed = ""
    link: Typed = ""
    agenda: _Text = ""
    units: Annotated[list[_Id], Field(max_length=300)] = []
    people: Annotated[list[_Id], Field(max_length=1000)] = []
    why: Typed = ""
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None

    @property
    def invited(self) -> Invited:
        """Units and people who are named."""
        return Invited(tuple(self.units), tuple(self.people))

    def details(self) -> dict[str, str]:
        """By need of the steps that make a meeting and mend a draft."""
        return {
            "title": self.title,
            "kind": self.kind,
            "wants": self.wants,
            "text": self.text,
            **self._changing(),
            "invited": self.invited.written(),
        }

    def changes(self) -> dict[str, str]:
        """By need of the step that changes a meeting to which people are invited."""
        return {**self._changing(), "why": self.why}

    def _changing(self) -> dict[str, str]:
        return {
            "from": self.begin,
            "until": self.until,
            "location": self.location,
            "link": self.link,
            "agenda": self.agenda,
        }


class InviteGiven(BaseModel):
    """Further people to be invited; none: those who are still missing."""

    model_config = ConfigDict(extra="forbid")
    units: Annotated[list[_Id], Field(max_length=300)] = []
    people: Annotated[list[_Id], Field(max_length=1000)] = []

    @property
    def invited(self) -> Invited:
        """Units and people who are named."""
        return Invited(tuple(self.units), tuple(self.people))


class EntriesGiven(BaseModel):
    """People entered by name on a page without scripts: numbers of those who came."""

    model_config = ConfigDict(extra="forbid")
    present: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST_ID)]], Field(max_length=MOST_INVITED)
    ] = []
    absent: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST_ID)]], Field(max_length=MOST_INVITED)
    ] = []


class TextGiven(BaseModel):
    """Minutes, or an opinion."""

    model_config = ConfigDict(extra="forbid")
    text: _Text = ""


class RemovalGiven(BaseModel):
    """The reason why a file is taken out."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, Field(max_length=LONGEST_WHY)] = ""
