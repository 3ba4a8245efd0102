"""The page of sign-ins, and the same as a table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.administration.permission import AdministrationPermission
from api.administration.sign_ins import actions, wording
from api.administration.sign_ins.records import Asked
from api.authentication.requests import require
from api.frame import frame
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

A_PAGE = 50
router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(AdministrationPermission.SEE_SIGN_INS)]


@router.get("/sign-ins", response_class=HTMLResponse)
def sign_ins(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The newest first, a page at a time."""
    found, total, following = actions.searched(services, account, asked, A_PAGE)
    return page(
        request,
        services.words,
        "administration/sign_ins.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services),
        lines=wording.lines(services, found),
        total=total,
        following=following,
    )


@router.get("/sign-ins.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """Those of all pages of a search, as a table for a spreadsheet; as CSV without a limit."""
    slices, total = actions.exported(services, account, asked)
    sheet = wording.table(services, slices)
    return tables.download(services.words, "sign-ins", form, sheet, total=total, whole=True)
