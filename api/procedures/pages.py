"""The forms of steps, below the address of a thing's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.procedures import taking
from api.procedures.part import Failed, failed_by
from api.procedures.procedure import WITHDRAW, Procedure
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.rendering import link

Shown = Callable[[Request, Services, Account, str, Failed | None], HTMLResponse]
"""The platform's page of a thing, with what was refused on it."""
Done = Callable[[Services, str], None]
"""Hears of a step after it is committed, by the id of the thing: to tell open pages."""
_VERSION = "version"


async def _written(request: Request) -> Mapping[str, str]:
    """The fields of a form that are text."""
    form = await request.form()
    return {name: of for name, of in form.items() if isinstance(of, str)}


Written = Annotated[Mapping[str, str], Depends(_written)]


def nothing_more(_services: Services, _item_id: str) -> None:
    """Of a platform whose pages hear of nothing."""


def forms(
    procedure: Procedure, address: str, shown: Shown, done: Done = nothing_more
) -> APIRouter:
    """Routes that take the forms of ``procedures/_procedure.html``.

    Args:
        procedure: whose steps they take.
        address: of the page below the platform, with ``{item_id}``.
        shown: that page.
        done: hears of each step.
    """
    router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
    reader: Any = require(procedure.see)

    @router.post(f"{address}/steps/{{step}}")
    def take(
        item_id: str,
        step: str,
        written: Written,
        request: Request,
        services: ServicesOf,
        account: Account = reader,
    ) -> Response:
        """Take a step, and lead back to the page; or show there why not."""
        given = {name: of for name, of in written.items() if name != _VERSION}
        version = version_of(written)
        try:
            with taking.acts(services, procedure, account) as acting:
                if step == WITHDRAW:
                    taking.withdraw(acting, item_id, given.get("why", ""), version)
                else:
                    taking.take(acting, item_id, step, given, version)
        except UnknownThing:
            raise
        except StepRefused as refused:
            failed = failed_by(services, refused, step, given)
            answer = shown(request, services, account, item_id, failed)
            answer.status_code = refused.status_code
            return answer
        done(services, item_id)
        return RedirectResponse(link(request, address.format(item_id=item_id)), 303)

    return router


def version_of(written: Mapping[str, str]) -> int | None:
    """Of the row that the form stood on; one that nobody wrote is none."""
    said = written.get(_VERSION, "")[:10]
    return int(said) if said.isascii() and said.isdecimal() else None
