"""The page of the audit, and the same as a table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.administration.audit_trail import actions, wording
from api.administration.audit_trail.records import Asked
from api.administration.permission import AdministrationPermission
from api.authentication.requests import require
from api.frame import frame
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

A_PAGE = 50
router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(AdministrationPermission.SEE_AUDIT)]
Exporter = Annotated[Account, require(AdministrationPermission.EXPORT_AUDIT)]


@router.get("/audit", response_class=HTMLResponse)
def audit(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The newest first, a page at a time; above, whether the chain is whole."""
    found = actions.searched(services, account, asked, A_PAGE)
    return page(
        request,
        services.words,
        "administration/audit.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services, actions.known_actions(services)),
        lines=wording.lines(services, found.rows),
        found=found,
        searched=actions.READ_A_PAGE,
        chain=actions.chain_state(services),
    )


@router.get("/audit.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Exporter, asked: Annotated[Asked, Query()]
) -> Response:
    """Rows of all pages of a search, as a table for a spreadsheet; as CSV without a limit."""
    rows, total = actions.exported(services, account, asked)
    sheet = wording.table(services, rows)
    return tables.download(services.words, "audit", form, sheet, total=total, whole=True)
