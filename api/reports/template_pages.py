"""Pages of the office's Word templates: every version, the names that one may use, a new one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.frame import frame
from api.reports import actions, wording
from api.reports.forms.word import MOST_BYTES
from api.reports.pages import MEDIA, kind_of, site_services
from api.reports.permission import ReportPermission
from api.reports.records import Offered
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, RowId
from api.web.rendering import link, page
from api.web.tables import saved_as

MOST_OF_NAME = 200
_FORM_BYTES = 4096
"""Of the form beside its file."""
router = APIRouter(prefix="/templates/{kind_id}", include_in_schema=False)
Manager = Annotated[Account, require(ReportPermission.MANAGE_TEMPLATES)]


@router.get("", response_class=HTMLResponse)
def templates(
    kind_id: str, request: Request, services: ServicesOf, account: Manager
) -> HTMLResponse:
    """Versions of a kind's template, and the form for a new one."""
    return _shown(request, services, account, kind_of(request, account, kind_id))


@router.get("/{version}.docx")
def template(
    kind_id: str, version: RowId, request: Request, services: ServicesOf, account: Manager
) -> Response:
    """A version to be changed in Word; 0 is that of the product."""
    kind = kind_of(request, account, kind_id)
    if version and version not in {of.id for of in actions.templates(services, kind)}:
        raise HTTPException(404, f"unknown version {version}")
    body = actions.template_of(services, kind, version or None)
    name = f"{wording.kind_said(services.words, kind)}-{version}.docx"
    return Response(body, media_type=MEDIA["docx"], headers=saved_as(name))


@router.post("", dependencies=[SameOrigin], response_model=None)
@larger(MOST_BYTES + _FORM_BYTES)
def change(
    kind_id: str, request: Request, services: ServicesOf, account: Manager, file: UploadFile
) -> HTMLResponse | RedirectResponse:
    """Take a new version after it was tried; of one that is unfit where, what and the remedy."""
    kind = kind_of(request, account, kind_id)
    name, content = (file.filename or "")[-MOST_OF_NAME:], file.file.read()
    try:
        actions.change_template(site_services(request), account, kind, name, content)
    except NotAccepted as refused:
        values: dict[str, Any] = {"where": "", "what": "", **refused.values}
        wrong = {"key": refused.key, **values}
        answer = _shown(request, services, account, kind, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/templates/{kind.id}"), 303)


@router.post("/product", dependencies=[SameOrigin])
def product(
    kind_id: str, request: Request, services: ServicesOf, account: Manager
) -> RedirectResponse:
    """Go back to the template that comes with the product; all versions stay."""
    kind = kind_of(request, account, kind_id)
    actions.product_template(services, account, kind)
    return RedirectResponse(link(request, f"/templates/{kind.id}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    kind: Offered,
    wrong: dict[str, Any] | None = None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "reports/template.html",
        **frame(request, services, account),
        kind=kind,
        said=wording.kind_said(services.words, kind),
        versions=actions.templates(services, kind),
        paper=actions.sample(site_services(request), account, kind),
        wrong=wrong,
    )
