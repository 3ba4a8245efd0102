"""The authority of whoever asks, and the words where it is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.repositories.directory import Directory
from api.accounts.staffing.authority import Authority, BeyondAuthority
from api.administration.permission import AdministrationPermission
from api.authentication.requests import require
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from config.catalogue.words import Words
from config.vocabulary.time import day_of

KEPT = (AdministrationPermission.MANAGE_PEOPLE, AdministrationPermission.MANAGE_ROLES)
"""Somebody must always have both for all units."""


def _by(permission: Permission) -> Any:
    """A dependency that gives the authority of whoever asks, by reaches with a permission.

    Raises:
        SignInFirst, PermissionMissing
    """
    holder = require(permission)

    def made(request: Request, services: ServicesOf, account: Account = holder) -> Authority:
        return Authority.of(
            services.state,
            account,
            services.roles,
            permission,
            keeping=KEPT,
            by_unit=(of.slug for of in request.app.state.roster if of.by_unit),
            now_ms=services.now_ms(),
        )

    return Depends(made)


def _answered() -> Iterator[None]:
    try:
        yield
    except NotAccepted as refused:
        status = 403 if isinstance(refused, BeyondAuthority) else 422
        raise HTTPException(status, str(refused)) from refused


Viewer = Annotated[Account, require(AdministrationPermission.SEE_PEOPLE)]
OverPeople = Annotated[Authority, _by(AdministrationPermission.MANAGE_PEOPLE)]
OverRoles = Annotated[Authority, _by(AdministrationPermission.MANAGE_ROLES)]
OverUnits = Annotated[Authority, _by(AdministrationPermission.MANAGE_UNITS)]
Answered = Depends(_answered)
"""Of the API: what is not accepted is answered 422, what is beyond somebody's authority 403."""


def directory_of(services: Services, account: Account) -> Directory:
    """The people whom an account sees today."""
    day = day_of(services.now_ms())
    return Directory(services.state, account, AdministrationPermission.SEE_PEOPLE, day)


def said(words: Words, refused: NotAccepted) -> str:
    """A refusal as people read it."""
    values: dict[str, Any] = dict(refused.values)
    if slugs := values.pop("slugs", None):
        values["platforms"] = words.listed(words(f"{slug}.title") for slug in slugs)
    return words(f"administration.wrong-{refused.key}", **values)
