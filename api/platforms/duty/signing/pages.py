"""The forms by which deputies ask others to sign, sign and decline: one shape below each kind of
thing that is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.signing.actions import Signing
from api.procedures.pages import Shown
from api.procedures.part import Failed
from api.procedures.refusals import UnknownThing
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.rendering import link

Writer = Annotated[Account, require(DutyPermission.WRITE)]
FORMS = ("invite", "signature")
"""The steps of a :class:`Failed` of these forms."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form as it was sent: its texts by field, and the people who were ticked."""

    fields: Mapping[str, str]
    usernames: Sequence[str]


async def _sent(request: Request) -> _Sent:
    async with form_of(request) as form:
        texts = {name: of for name, of in form.items() if isinstance(of, str)}
        return _Sent(texts, [of for of in form.getlist("usernames") if isinstance(of, str)])


Sent = Annotated[_Sent, Depends(_sent)]


def signing_forms(signing: Signing, address: str, shown: Shown) -> APIRouter:
    """Routes that take the forms of ``duty/_signing.html``.

    Args:
        signing: the kind of things.
        address: of the page of one below the platform, with ``{item_id}``.
        shown: that page.
    """
    router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])

    def refused(
        request: Request,
        services: Services,
        account: Account,
        item_id: str,
        step: str,
        by: Declared,
    ) -> Response:
        failed = Failed(step, by.said(services.words))
        answer = shown(request, services, account, item_id, failed)
        answer.status_code = by.status_code
        return answer

    def back(request: Request, item_id: str) -> RedirectResponse:
        return RedirectResponse(link(request, address.format(item_id=item_id)), 303)

    @router.post(f"{address}/invitations")
    def invite(
        item_id: str, sent: Sent, request: Request, services: ServicesOf, account: Writer
    ) -> Response:
        """Ask the deputies who were ticked to sign."""
        try:
            signing.invite(services, account, item_id, sent.usernames)
        except UnknownThing:
            raise
        except Declared as by:
            return refused(request, services, account, item_id, "invite", by)
        return back(request, item_id)

    @router.post(f"{address}/signature")
    def sign(
        item_id: str, sent: Sent, request: Request, services: ServicesOf, account: Writer
    ) -> Response:
        """Sign the text that stood on the page, or decline."""
        try:
            if sent.fields.get("signs") == "yes":
                signing.sign(services, account, item_id, sent.fields.get("text_hash", ""))
            else:
                signing.decline(services, account, item_id)
        except UnknownThing:
            raise
        except Declared as by:
            return refused(request, services, account, item_id, "signature", by)
        return back(request, item_id)

    return router
