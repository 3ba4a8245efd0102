"""Loads over the API, for people and for machines with a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.imports import actions, schemas
from api.imports.forms import MOST_BYTES, Listed, Name, Source, Withdrawal
from api.imports.loading import loader
from api.imports.loading.parts import Parts
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.records import Load
from api.imports.schemas import KindState, LoadLine, LoadWhole
from api.services import Services, ServicesOf
from api.web.caches import cache
from api.web.forms import RowId
from config.vocabulary.errors import FaultyInput

IN_MEMORY = 1 << 20
"""Bytes of a body; beyond it lies on disk."""
router = APIRouter(tags=["imports"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(ImportPermission.SEE_LOADS)]
Loader = Annotated[Account, require(ImportPermission.LOAD)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    file: BinaryIO


async def sent_file(request: Request, name: Name = "") -> AsyncIterator[Sent]:
    """The part ``file`` of a form, or the whole body; ``name`` names the latter."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1) as form:
            found = form.get("file")
            if not isinstance(found, UploadFile):
                raise HTTPException(422, "the form has no file; send it as the part 'file'")
            yield Sent(name or found.filename or "", found.file)
        return
    with SpooledTemporaryFile(IN_MEMORY) as file:
        async for part in request.stream():
            await run_in_threadpool(file.write, part)
        file.seek(0)
        yield Sent(name, cast("BinaryIO", file))


@router.get("")
def loads(
    listed: Annotated[Listed, Query()], request: Request, services: ServicesOf, who: Viewer
) -> list[LoadLine]:
    """Loads that the account may see, the newest first, 50 at most; ``before`` goes on."""
    parts = _parts(request, services)
    kinds = [name for name in actions.seen(parts, who) if listed.kind in ("", name)]
    found = parts.loads.listed(
        kinds, source=listed.source, state=listed.state, before=listed.before
    )
    return [schemas.line(of) for of in found]


@router.get("/kinds")
def kinds(request: Request, services: ServicesOf, who: Viewer) -> list[KindState]:
    """The kinds of tables that the account may load or see."""
    found = actions.named(_parts(request, services), who).values()
    return [schemas.kind_state(services.words, of) for of in found]


@router.get("/loads/{load_id}")
def one(load_id: RowId, request: Request, services: ServicesOf, who: Viewer) -> LoadWhole:
    """A load with its report and faults."""
    parts = _parts(request, services)
    return _whole(services, parts, _found(parts, who, load_id))


@router.post("/{kind}")
@larger(MOST_BYTES)
@costs(HEAVY)
def load(
    kind: str,
    who: Loader,
    request: Request,
    services: ServicesOf,
    answer: Response,
    sent: Annotated[Sent, Depends(sent_file)],
    source: Annotated[Source, Query(min_length=1)],
    *,
    good_rows: bool = False,
    dry_run: bool = False,
) -> LoadWhole:
    """Check a file by the columns of its source, or by their names, and load it. One with faults
    is answered 422 and changes nothing; with ``good_rows`` its other rows are loaded.
    """
    parts = _parts(request, services)
    found = actions.seen(parts, who).get(kind)
    if found is None:
        raise HTTPException(404, f"unknown kind {kind!r}")
    given = actions.send(parts, who.actor, found, source, sent.name or f"{kind}.csv", sent.file)
    return answered(request, services, answer, who, given, good_rows=good_rows, dry_run=dry_run)


def answered(
    request: Request,
    services: Services,
    answer: Response,
    who: Account,
    given: Load,
    *,
    good_rows: bool,
    dry_run: bool,
) -> LoadWhole:
    """The answer to a file that was sent: it is checked and, if it may be, loaded."""
    parts, worker = _parts(request, services), cache(request, Worker)
    try:
        done = actions.load_at_once(
            worker, parts, who.actor, given, good_rows=good_rows, dry_run=dry_run
        )
    except FaultyInput as error:
        raise HTTPException(422, str(error)) from error
    if done.state == "failed":
        raise HTTPException(500, f"load {done.id} broke off; nothing was changed, send it again")
    if done.state == "checked" and done.faults:
        answer.status_code = 422
    return _whole(services, parts, done)


@router.post("/loads/{load_id}/withdraw")
def withdraw(
    load_id: RowId, withdrawal: Withdrawal, request: Request, services: ServicesOf, who: Loader
) -> LoadWhole:
    """Take a load out of force; what stood before stands again."""
    parts = _parts(request, services)
    found = _found(parts, who, load_id)
    try:
        why = withdrawal.reasoned()
    except FaultyInput as error:
        raise HTTPException(422, str(error)) from error
    loader.withdraw(parts, found, why, who.actor)
    return _whole(services, parts, _found(parts, who, load_id))


def _parts(request: Request, services: Services) -> Parts:
    return actions.parts_of(services, request.app.state.roster)


def _found(parts: Parts, account: Account, load_id: RowId) -> Load:
    load = actions.one(parts, account, load_id)
    if load is None:
        raise HTTPException(404, f"unknown load {load_id}")
    return load


def _whole(services: Services, parts: Parts, load: Load) -> LoadWhole:
    report, faults = parts.loads.report(load.id)
    return schemas.whole(services.words, load, report, faults)
