"""Checks over the API: a draft is tried on all kept texts beside the check in force, and saved as
its next version.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.checks import actions, schemas, wording
from api.platforms.documents.checks.records.form import Unfit, wished
from api.platforms.documents.checks.records.trials import CHANGES, SHOWN, Trial
from api.platforms.documents.permission import DocumentsPermission
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted

router = APIRouter(prefix="/checks", tags=["documents"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Tuner = Annotated[Account, require(DocumentsPermission.SAVE_RULES)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("")
def checks(services: ServicesOf, _account: Viewer) -> list[schemas.CheckState]:
    """The checks in force."""
    return [schemas.check_state(of) for of in actions.every(services)]


@router.get("/{check_id}")
def check(check_id: str, services: ServicesOf, _account: Viewer) -> schemas.CheckState:
    """One of them."""
    return schemas.check_state(actions.find(services, check_id))


@router.get("/{check_id}/versions")
def versions(check_id: str, services: ServicesOf, _account: Viewer) -> list[schemas.VersionState]:
    """Every version of a check, the newest first."""
    found = actions.find(services, check_id).versions
    return [schemas.version_state(of) for of in reversed(found)]


@router.post("/{check_id}/trials", status_code=201, response_model=schemas.TrialState)
@costs(HEAVY)
def try_(
    check_id: str, body: schemas.Wish, services: ServicesOf, account: Tuner
) -> schemas.TrialState | JSONResponse:
    """Begin a trial of a draft on every kept text; where it has not ended, ask for it again."""
    kept = actions.find(services, check_id)
    try:
        draft = wished(kept.check, body.model_dump(exclude_none=True))
        return _state(services, actions.try_(services, account, check_id, draft))
    except (NotAccepted, Unfit) as refused:
        return _refused(services, refused)


@router.get("/{check_id}/trials/{number}")
def trial(
    check_id: str, number: Number, services: ServicesOf, _account: Viewer
) -> schemas.TrialState:
    """A trial as far as it went; it goes on by itself."""
    return _state(services, actions.tried(services, number, check_id))


@router.post("/{check_id}/versions", status_code=201, response_model=schemas.CheckState)
def save(
    check_id: str, body: schemas.NewVersion, services: ServicesOf, account: Tuner
) -> schemas.CheckState | JSONResponse:
    """Save the next version; 409 with the name of the person who was first."""
    kept = actions.find(services, check_id)
    try:
        wish = body.model_dump(exclude_none=True, exclude={"version", "trial", "reason"})
        draft = wished(kept.check, wish)
        actions.save(
            services, account, draft, after=body.version, reason=body.reason, trial=body.trial
        )
    except (NotAccepted, Unfit) as refused:
        return _refused(services, refused)
    return schemas.check_state(actions.find(services, check_id))


def _state(services: Services, of: Trial) -> schemas.TrialState:
    lines = {change: list(actions.lines(services, of.id, change, SHOWN)) for change in CHANGES}
    return schemas.trial_state(of, lines)


def _refused(services: Services, refused: NotAccepted | Unfit) -> JSONResponse:
    """For programs where and what, for people the same in words."""
    faults = [
        {"where": one.where, "what": one.what, "remedy": one.remedy} for one in refused.faults
    ]
    if isinstance(refused, Unfit):
        said = list(wording.wrongs(services.words, refused.wrongs).values())
    else:
        said = [services.words(f"documents.checks.wrong-{refused.key}", **refused.values)]
    first = isinstance(refused, NotAccepted) and refused.key == "first"
    answer = {"detail": str(refused), "faults": faults, "words": services.words.clauses(said)}
    return JSONResponse(answer, 409 if first else 422)


API = (router,)
