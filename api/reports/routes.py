"""Papers over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, SignedIn
from api.reports import actions, wording
from api.reports.pages import answered, found, kind_of, site_services
from api.reports.records import Form, Head
from api.services import ServicesOf
from api.web.forms import NotAccepted, Number, RowId

router = APIRouter(tags=["reports"], dependencies=[SameOrigin])


class KindState(BaseModel):
    """A kind of paper that one may make: its name, the JSON Schema of what is to be chosen, and
    what the form of the page begins with.
    """

    id: str
    name: str
    parameters: dict[str, Any]
    suggested: dict[str, Any]


class ReportState(BaseModel):
    """A frozen paper. ``sha256`` is that of its canonical JSON: the same figures have the same.
    ``template`` is the version of the office's Word template, null: that of the product.
    ``made_by`` is empty where the centre made it.
    """

    id: int
    kind: str
    parameters: dict[str, Any]
    title: str
    sha256: str
    template: int | None
    made_by: str
    made_name: str
    made_ms: int


class PaperState(ReportState):
    """With all that it says; ``path`` of a figure or of a cell is the page of what it counts."""

    paper: dict[str, Any]


class ReportPage(BaseModel):
    """The newest first, of ``total``."""

    rows: list[ReportState]
    total: int


class NewReport(BaseModel):
    """A paper that is to be made."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    parameters: dict[str, str | Number]


class DifferenceState(BaseModel):
    """A value that is another one now. A row that is new or gone has no ``column``, and null on
    its other side.
    """

    name: str
    row: str
    column: str
    kind: Literal["text", "count", "number", "percent", "instant", "day", "duration"]
    then: str | int | float | None
    now: str | int | float | None


@router.get("/kinds")
def kinds(request: Request, services: ServicesOf, who: SignedIn) -> list[KindState]:
    """Kinds of papers."""
    return [
        KindState(
            id=of.id,
            name=wording.kind_said(services.words, of),
            parameters=msgspec.json.schema(of.kind.parameters),
            suggested=msgspec.to_builtins(of.kind.suggested(services, who)),
        )
        for of in actions.offered(request.app.state.roster, who)
    ]


@router.get("")
def reports(
    request: Request,
    services: ServicesOf,
    who: SignedIn,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ReportPage:
    """Papers that were made."""
    offered = actions.offered(request.app.state.roster, who)
    rows, total = actions.listing(services, who, offered, first=first, most=most)
    return ReportPage(rows=[ReportState(**_head(of)) for of in rows], total=total)


@router.post("", status_code=201)
@costs(HEAVY)
def make(body: NewReport, request: Request, who: SignedIn) -> ReportState:
    """Freeze a paper."""
    kind = kind_of(request, who, body.kind)
    try:
        parameters = actions.parameters_of(kind, body.parameters)
        made = actions.make(site_services(request), who, kind, parameters)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    _, snapshot = found(request, who, made)
    return ReportState(**_head(snapshot.head))


@router.get("/{snapshot_id}")
def report(snapshot_id: RowId, request: Request, who: SignedIn) -> PaperState:
    """A paper with all that it says."""
    _, snapshot = found(request, who, snapshot_id)
    return PaperState(**_head(snapshot.head), paper=msgspec.to_builtins(snapshot.paper))


@router.get("/{snapshot_id}/changes")
def changes(snapshot_id: RowId, request: Request, who: SignedIn) -> list[DifferenceState]:
    """Everything that is otherwise by the data as they are now; nothing where nothing is."""
    kind, snapshot = found(request, who, snapshot_id)
    try:
        rows = actions.changes(site_services(request), kind, snapshot)
    except NotAccepted as refused:
        raise HTTPException(409, str(refused)) from refused
    return [DifferenceState(**asdict(of)) for of in rows]


@router.get("/{snapshot_id}/paper.{form}")
def file(snapshot_id: RowId, form: Form, request: Request, who: SignedIn) -> Response:
    """A paper in Word, as a workbook, or as PDF: the same file each time."""
    kind, snapshot = found(request, who, snapshot_id)
    return answered(request, kind, snapshot, form)


def _head(of: Head) -> dict[str, Any]:
    values = asdict(of)
    platform = values.pop("platform")
    return values | {
        "kind": f"{platform}.{of.kind}",
        "parameters": msgspec.json.decode(of.parameters),
    }
