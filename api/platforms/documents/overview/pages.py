"""The first page of the platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.documents.menu import MENU, MORE
from api.platforms.documents.permission import DocumentsPermission
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(DocumentsPermission.SEE)]


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Everything on the platform that somebody may see, by name."""
    lines = [
        of for of in (*MENU[1:], *MORE) if of.permission is None or account.may(of.permission)
    ]
    around = frame(request, services, account)
    return page(request, services.words, "documents/overview.html", **around, lines=lines)


PAGES = (router,)
