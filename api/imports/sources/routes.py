"""The register over the API, and the address to which a machine sends the table of its source."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.imports import actions as loads
from api.imports.forms import MOST_BYTES
from api.imports.permission import ImportPermission
from api.imports.routes import Sent, answered, sent_file
from api.imports.schemas import LoadWhole
from api.imports.sources import actions, schemas, wording
from api.imports.sources.notices import Checked
from api.imports.sources.schemas import SourceState
from api.imports.sources.taking import faults_of, no_table
from api.services import ServicesOf
from api.web.forms import RowId

router = APIRouter(prefix="/sources", tags=["imports"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(ImportPermission.SEE_LOADS)]
Sender = Annotated[Account, require(ImportPermission.SEND)]


@router.get("")
def sources(request: Request, services: ServicesOf, who: Viewer) -> list[SourceState]:
    """Every source that the account may see, with what it owes."""
    kinds = loads.seen(loads.parts_of(services, request.app.state.roster), who)
    register = actions.register_of(services)
    found = register.sources.all(list(kinds))
    names = wording.names(services, found)
    return [
        schemas.state(wording.line(services, register, names, of, kinds[of.kind].name))
        for of in found
    ]


@router.post("/{source_id}/files")
@larger(MOST_BYTES)
@costs(COSTLY)
def send(
    source_id: RowId,
    who: Sender,
    request: Request,
    services: ServicesOf,
    answer: Response,
    sent: Annotated[Sent, Depends(sent_file)],
) -> LoadWhole:
    """Check and load the table of a source, sent by the machine that the source names: no other
    right is needed, and none goes further. One with faults is answered 422 and changes nothing,
    but where the source takes good rows.
    """
    source = actions.source_of(services, who, source_id)
    parts = loads.parts_of(services, request.app.state.roster)
    if source is None or source.kind not in parts.kinds:
        raise HTTPException(404, f"no source {source_id} that takes tables of this sender")
    kind = parts.kinds[source.kind]
    name = sent.name or f"{source.name}.csv"
    load = loads.send(parts, who.actor, kind, source.name, name, sent.file)
    try:
        whole = answered(
            request, services, answer, who, load, good_rows=source.terms.good_rows, dry_run=False
        )
    except HTTPException as refused:
        left = parts.loads.one(load.id)
        why = faults_of(parts, left) if left else no_table(str(refused.detail))
        checked = Checked(load.file, load.sha256, left.id if left else None, why)
        actions.tell_refused(services, source, checked)
        raise
    if answer.status_code == 422:
        checked = Checked(load.file, load.sha256, load.id, faults_of(parts, load))
        actions.tell_refused(services, source, checked)
    return whole
