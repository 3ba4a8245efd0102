"""Pages for everybody, who need neither an account nor a script: propose a review, and see later
how it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.authentication.requests import SameOrigin, count_unknown
from api.open_forms.sending import TRAP, Fields, Visits, address_of, new_key
from api.platforms.documents.proposals.actions import following, own, receiving
from api.platforms.documents.proposals.pages.form import LONGEST, written
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import (
    LONGEST_CODE,
    LONGEST_SUPPLEMENT,
    NotReceived,
    ProposalMeter,
    TooManyProposals,
    TooManyVisits,
)
from api.procedures.refusals import StepRefused
from api.services import Services
from api.web.caches import cache
from api.web.declared import Declared
from api.web.rendering import page

HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
FIND = "find"
"""The button that looks for a document: nothing is sent yet."""
router = APIRouter(prefix="/open/proposals", include_in_schema=False)


def bounded(request: Request) -> Services:
    """The services in the language of the site, for an address that does not ask too often.

    Raises:
        TooManyVisits
    """
    services: Services = request.app.state.services
    if wait_ms := cache(request, Visits).wait_ms(address_of(request), services.now_ms()):
        raise TooManyVisits(wait_ms)
    return services


Public = Annotated[Services, Depends(bounded)]


@router.get("", response_class=HTMLResponse)
def form(request: Request, services: Public) -> HTMLResponse:
    """The form, below what a proposal is and what becomes of it."""
    return _form(request, services, {}, None)


@router.post("", dependencies=[SameOrigin])
def send(fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """Keep the proposal and show its receipt; or show the form again with everything that was
    written, and the documents that were looked for.
    """
    if FIND in fields:
        return _form(request, services, fields, None)
    try:
        _check_sender(request, services, fields)
        receipt = receiving.receive(services, written(fields))
    except (NotReceived, TooManyProposals, StepRefused) as refused:
        return _form(request, services, fields, refused)
    return _shown(request, services, "proposal_receipt", receipt=receipt, proposal="")


@router.get("/status", response_class=HTMLResponse)
def ask(request: Request, services: Public) -> HTMLResponse:
    """The form that takes number and secret."""
    return _status(request, services, {}, "")


@router.post("/status", dependencies=[SameOrigin])
def status(fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """How it stands, with the days and the reply. Nothing of it is in the address."""
    return _status(request, services, fields, "")


@router.post("/supplement", dependencies=[SameOrigin])
def supplement(fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """Complete what the office asked for."""
    return _by_proposer(request, services, fields, "supplement")


@router.post("/retract", dependencies=[SameOrigin])
def retract(fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """Withdraw the proposal."""
    return _by_proposer(request, services, fields, "retract")


def _by_proposer(
    request: Request, services: Services, fields: Mapping[str, str], step: str
) -> HTMLResponse:
    refused: Declared | None = None
    number, secret = _pair(fields)
    try:
        _check_sender(request, services, fields)
        following.by_proposer(services, number, secret, step, fields.get("said", ""))
    except (NotReceived, TooManyProposals, StepRefused) as error:
        refused = error
    answer = _status(request, services, fields, refused.said(services.words) if refused else "")
    if refused and answer.status_code == 200:
        answer.status_code = refused.status_code
        answer.headers.update(refused.headers or {})
    return answer


def _check_sender(request: Request, services: Services, fields: Mapping[str, str]) -> None:
    """Whether it is no program, and the address does not send too often.

    Raises:
        NotReceived, TooManyProposals
    """
    if fields.get(TRAP):
        raise NotReceived({TRAP: services.words("documents.proposals.wrong-website")})
    meter, now_ms = cache(request, ProposalMeter), services.now_ms()
    address = address_of(request)
    if wait_ms := meter.wait_ms(address, now_ms):
        raise TooManyProposals(wait_ms)
    meter.add(address, 1, now_ms)


def _pair(fields: Mapping[str, str]) -> tuple[str, str]:
    return (
        fields.get("number", "").strip()[:LONGEST_CODE],
        fields.get("secret", "").strip()[:LONGEST_CODE],
    )


def _status(
    request: Request, services: Services, fields: Mapping[str, str], refused: str
) -> HTMLResponse:
    number, secret = _pair(fields)
    asked = bool(fields)
    found = following.progress(services, number, secret) if asked else None
    if asked and found is None:
        count_unknown(request)
    wrong = services.words("documents.proposals.no-such-pair") if asked and not found else ""
    answer = _shown(
        request,
        services,
        "open_proposal",
        number=number,
        secret=secret if found else "",
        found=found,
        wrong=wrong,
        refused=refused if found else "",
        said=fields.get("said", "") if refused else "",
        trap=TRAP,
        longest=LONGEST_SUPPLEMENT,
    )
    answer.status_code = 404 if wrong else 200
    return answer


def _form(
    request: Request,
    services: Services,
    fields: Mapping[str, str],
    refused: Declared | None,
) -> HTMLResponse:
    wrong = refused.wrong if isinstance(refused, NotReceived) else {}
    q = fields.get("q", "")[:LONGEST_CODE]
    answer = _shown(
        request,
        services,
        "open_proposals",
        written=fields,
        key=fields.get("key") or new_key(),
        q=q,
        found=own.found(services, q),
        chosen=own.chosen(services, fields.get("text", "")),
        needs={need.name: need for need in PROCEDURE.first.needs},
        longest=LONGEST,
        days=own.own(services.district).forget_identity,
        trap=TRAP,
        wrong=wrong,
        refused=refused.said(services.words) if refused else "",
    )
    if refused:
        answer.status_code = refused.status_code
        answer.headers.update(refused.headers or {})
    return answer


def _shown(request: Request, services: Services, name: str, **values: object) -> HTMLResponse:
    site = services.catalogue.site
    answer = page(request, services.words, f"documents/{name}.html", site=site, **values)
    answer.headers.update(HEADERS)
    return answer
