"""People out of a spreadsheet over the API."""

from __future__ import annotations

from fastapi import APIRouter, Response, UploadFile

from api.administration.authority import Answered, OverPeople
from api.administration.importing import actions
from api.administration.importing.records import MOST_BYTES
from api.administration.importing.schemas import ImportState, import_state
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin
from api.bodies import larger
from api.services import ServicesOf

MOST_OF_NAME = 100
router = APIRouter(tags=["administration"], dependencies=[SameOrigin, Answered])


@router.post("/imports", responses={422: {"model": ImportState}})
@larger(MOST_BYTES)
@costs(HEAVY)
def load(
    file: UploadFile,
    answer: Response,
    services: ServicesOf,
    over: OverPeople,
    *,
    dry_run: bool = True,
) -> ImportState:
    """Give an account to each person of a file who has none; with ``dry_run`` say who that is. A
    file with faults is answered 422 and loads nobody.
    """
    name = (file.filename or "")[:MOST_OF_NAME]
    checked = actions.check(services, over, name, file.file.read())
    if checked.faults:
        answer.status_code = 422
    made = () if dry_run or checked.faults else actions.load(over, checked.new)
    return import_state(checked, made)
