"""Pages for voters, who need neither an account nor a script: write to a deputy, and see later how
it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.authentication.requests import SameOrigin, count_unknown
from api.open_forms.sending import TRAP, Fields, address_of, new_key
from api.platforms.duty.opinions import actions, wording
from api.platforms.duty.opinions.pages.form import written
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import (
    LONGEST_NAME,
    LONGEST_PHONE,
    NotReceived,
    NotTaken,
    OpinionMeter,
    Recipient,
    TooManyOpinions,
)
from api.platforms.duty.released.pages import Public
from api.services import Services
from api.web.caches import cache
from api.web.declared import Declared
from api.web.rendering import page

HEADERS = {"X-Robots-Tag": "noindex, nofollow"}
router = APIRouter(prefix="/open", include_in_schema=False)


@router.get("/deputies/{code}", response_class=HTMLResponse)
def deputy(code: str, request: Request, services: Public) -> HTMLResponse:
    """The deputy, what may be written here, what becomes of it, and the form."""
    to = _recipient(request, services, code)
    refused = None if to.takes else NotTaken("this deputy is in no term today")
    return _form(request, services, to, {}, refused)


@router.post("/deputies/{code}", dependencies=[SameOrigin])
def send(code: str, fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """Keep the opinion and show the code of its receipt; or show the form again with everything
    that was written.
    """
    to = _recipient(request, services, code)
    try:
        _check_sender(request, services, fields)
        receipt = actions.receive(services, to, written(fields))
    except (NotReceived, NotTaken, TooManyOpinions) as refused:
        return _form(request, services, to, fields, refused)
    return _shown(request, services, "opinion_receipt", receipt=receipt, opinion="")


@router.get("/opinions", response_class=HTMLResponse)
def ask(request: Request, services: Public) -> HTMLResponse:
    """The form that takes a code."""
    return _shown(request, services, "open_opinions", code="", said="", answer="", wrong="")


@router.post("/opinions", dependencies=[SameOrigin])
def answer(fields: Fields, request: Request, services: Public) -> HTMLResponse:
    """The state and the deputy's answer, and nothing else. Nothing of it is in the address."""
    words, code = services.words, fields.get("code", "").strip()[:100]
    found = actions.progress(services, code)
    if found is None:
        count_unknown(request)
    answered = _shown(
        request,
        services,
        "open_opinions",
        code=code,
        said=wording.progress(words, found) if found else "",
        answer=found.answer if found else "",
        wrong="" if found else words("duty.opinions.no-such-code"),
    )
    answered.status_code = 200 if found else 404
    return answered


def _check_sender(request: Request, services: Services, fields: Mapping[str, str]) -> None:
    """Whether it is no program, and the address does not send too often.

    Raises:
        NotReceived, TooManyOpinions
    """
    if fields.get(TRAP):
        raise NotReceived({TRAP: services.words("duty.opinions.wrong-website")})
    meter, now_ms = cache(request, OpinionMeter), services.now_ms()
    address = address_of(request)
    if wait_ms := meter.wait_ms(address, now_ms):
        raise TooManyOpinions(wait_ms)
    meter.add(address, 1, now_ms)


def _recipient(request: Request, services: Services, code: str) -> Recipient:
    found = actions.recipient(services, code)
    if found is None:
        count_unknown(request)
        raise HTTPException(404, "no deputy has this code")
    return found


def _form(
    request: Request,
    services: Services,
    to: Recipient,
    fields: Mapping[str, str],
    refused: Declared | None,
) -> HTMLResponse:
    wrong = refused.wrong if isinstance(refused, NotReceived) else {}
    answer = _shown(
        request,
        services,
        "open_deputy",
        to=to,
        written=fields,
        key=fields.get("key") or new_key(),
        needs={need.name: need for need in PROCEDURE.first.needs},
        longest={"name": LONGEST_NAME, "phone": LONGEST_PHONE},
        days=actions.retention(services.district).forget_identity,
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
    answer = page(request, services.words, f"duty/{name}.html", site=site, **values)
    answer.headers.update(HEADERS)
    return answer
