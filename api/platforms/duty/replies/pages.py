"""The form of a reply with its promises, and the reply as a Word file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.replies import actions
from api.platforms.duty.replies.records import NEEDS, ROWS, Written
from api.procedures.refusals import Incomplete, StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Reader = Annotated[Account, require(DutyPermission.SEE)]
Handler = Annotated[Account, require(DutyPermission.HANDLE)]
router = APIRouter(include_in_schema=False)


async def _sent(request: Request) -> Written:
    """The form: a field ``promise-{row}-{name}`` belongs to a promise."""
    async with form_of(request) as form:
        fields = {name: of for name, of in form.items() if isinstance(of, str)}
    rows: dict[int, dict[str, str]] = {}
    for name, value in fields.items():
        head, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if head == "promise" and number.isascii() and number.isdecimal() and len(number) < 3:
            rows.setdefault(int(number), {})[field] = value
    said = fields.get("version", "")[:10]
    version = int(said) if said.isascii() and said.isdecimal() else None
    given = {name: fields.get(name, "") for name in NEEDS}
    return Written(given, [rows[number] for number in sorted(rows)], version)


Sent = Annotated[Written, Depends(_sent)]


@router.get("/suggestions/{item_id}/reply", response_class=HTMLResponse)
def reply_form(
    item_id: str, request: Request, services: ServicesOf, account: Handler
) -> HTMLResponse:
    """The form, filled with the template's text."""
    return _shown(request, services, account, item_id, None, {}, "")


@router.post("/suggestions/{item_id}/reply", dependencies=[SameOrigin], response_model=None)
def reply(
    item_id: str, sent: Sent, request: Request, services: ServicesOf, account: Handler
) -> Response:
    """Answer; what does not hold comes back with its words and all that was written."""
    wrong: Mapping[str, str] = {}
    said = ""
    try:
        actions.reply(services, request.app.state.roster, account, item_id, sent)
    except UnknownThing:
        raise
    except NotAccepted as refused:
        said = services.words(f"duty.promise.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        status = 422
    except StepRefused as refused:
        said = refused.said(services.words)
        wrong = refused.wrong(services.words) if isinstance(refused, Incomplete) else {}
        status = refused.status_code
    else:
        return RedirectResponse(link(request, f"/suggestions/{item_id}#replies"), 303)
    answer = _shown(request, services, account, item_id, sent, wrong, said)
    answer.status_code = status
    return answer


@router.get("/suggestions/{item_id}/replies/{number}.docx")
@costs(COSTLY)
def document(item_id: str, number: Number, services: ServicesOf, account: Reader) -> Response:
    """The reply of a round as a Word file."""
    made = actions.document(services, account, item_id, number)
    if made is None:
        raise HTTPException(404, f"unknown reply {number} of suggestion {item_id[:40]}")
    name = f"reply-{item_id}-{number}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=WORD, headers=headers)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    sent: Written | None,
    wrong: Mapping[str, str],
    said: str,
) -> HTMLResponse:
    found = actions.form(services, request.app.state.roster, account, item_id)
    today = day_of(services.now_ms())
    first: Mapping[str, Any] = dict.fromkeys(NEEDS, "") | {"text": found["text"], "day": today}
    promises = list(sent.promises) if sent else []
    return page(
        request,
        services.words,
        "duty/reply.html",
        **frame(request, services, account),
        **found,
        written=sent.fields if sent else first,
        promises=promises + [{}] * max(0, ROWS - len(promises)),
        today=today,
        wrong=wrong,
        said=said,
    )


PAGES = (router,)
