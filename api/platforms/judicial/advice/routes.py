"""Procuratorial advice over the API: counted by topic, and by nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files.schemas import FileState, file_state
from api.platforms.judicial.advice import actions, schemas, wording
from api.platforms.judicial.advice.procedure import PROCEDURE
from api.platforms.judicial.advice.records import Asked
from api.platforms.judicial.advice.schemas import AdviceList, TopicState, WholeAdvice, Written
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import Services, ServicesOf

ADDRESS = "/advice/{item_id}"
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Sender = Annotated[Account, require(JudicialPermission.SUBMIT)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])


@router.get("/advice")
def listed(services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]) -> AdviceList:
    """Advice that the caller sees, the newest first, and in no other order."""
    found = actions.listed(services, account, asked)
    lines = wording.lines(services, found.rows)
    return AdviceList(
        advice=[schemas.advice_state(of) for of in lines],
        total=found.total,
        page=asked.page,
        more=found.more,
    )


@router.post("/advice", status_code=201)
def write(body: Written, services: ServicesOf, account: Sender) -> WholeAdvice:
    """Write advice for the procuratorate."""
    item_id = actions.write(services, account, body.model_dump())
    return _state(services, account, item_id)


@router.get("/advice/topics")
def topics(services: ServicesOf, account: Reader) -> list[TopicState]:
    """How much advice the caller sees on each topic, and what came of it."""
    return [schemas.topic_state(of) for of in actions.counts(services, account)]


@router.get(ADDRESS)
def one(item_id: str, services: ServicesOf, account: Reader) -> WholeAdvice:
    """Advice."""
    return _state(services, account, item_id)


@router.get(f"{ADDRESS}/files")
def papers(item_id: str, services: ServicesOf, account: Reader) -> list[FileState]:
    """The papers at advice."""
    part = part_of(services, account, PROCEDURE, item_id)
    found = actions.PAPERS.at(services, part.row)
    return [file_state(of, served=files.is_served(services, of)) for of in found]


@router.post(f"{ADDRESS}/files", status_code=201)
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
) -> FileState:
    """Put a paper to advice of which it is the caller's turn; sent again it is there once."""
    made = actions.PAPERS.attach(services, account, item_id, file, title)
    return next(of for of in papers(item_id, services, account) if of.id == made)


def _state(services: Services, account: Account, item_id: str) -> WholeAdvice:
    part = part_of(services, account, PROCEDURE, item_id)
    (line,) = wording.lines(services, [part.row])
    return schemas.whole(line)


API = (router, routes(PROCEDURE, ADDRESS))
