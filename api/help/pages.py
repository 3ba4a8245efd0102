"""Pages of help: the guides of one's own roles, of any other, and words explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn
from api.frame import frame
from api.help.pictures import Picture, digest, pictures
from api.help.records import EVERYBODY, GUIDES, TERMS, Task, steps
from api.hints.repository import HINTS, Hints
from api.own_account.owner import OwnerOf
from api.services import Services, ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as a page shows it; ``old`` where its picture is of an earlier page."""

    task: Task
    title: str
    steps: Sequence[str]
    picture: Picture | None
    old: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Tasks of a role, its rights by names of platforms; ``own`` where it is the reader's."""

    name: str
    title: str
    summary: str
    tasks: Sequence[Shown]
    may: Sequence[tuple[str, Sequence[str]]]
    own: bool


@router.get("/", response_class=HTMLResponse)
def own(request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """The guides of the roles that the reader holds, and of everybody."""
    roles = [role for role in GUIDES if role in account.roles]
    return _page(request, services, account, "help.html", [*roles, EVERYBODY])


@router.get("/roles/{role}", response_class=HTMLResponse)
def of_role(role: str, request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """The guide of any role: whoever helps others reads theirs."""
    if role not in GUIDES:
        raise HTTPException(404)
    return _page(request, services, account, "guide.html", [role])


@router.get("/terms", response_class=HTMLResponse)
def terms(request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """Words of the pages that are not everybody's."""
    return _page(request, services, account, "terms.html", [], terms=TERMS)


@router.post("/hints/{name}", dependencies=[SameOrigin])
def close_hint(name: str, services: ServicesOf, owner: OwnerOf) -> RedirectResponse:
    """Not to be shown any more; the page where it stood comes back."""
    if name not in HINTS:
        raise HTTPException(404)
    Hints(services.state).close(owner.username, name)
    return RedirectResponse("/" if name == "workbench" else f"/{name}/", 303)


def _page(
    request: Request,
    services: Services,
    account: Account,
    template: str,
    roles: Iterable[str],
    **values: Any,
) -> HTMLResponse:
    words = services.words
    names: Mapping[str, str] = {
        role: services.roles.by_id[role].said(words)
        for role in GUIDES
        if role in services.roles.by_id
    }
    return page(
        request,
        words,
        f"help/{template}",
        **frame(request, services, account),
        guides=[_guide(request, services, account, role) for role in roles],
        names=names,
        **values,
    )


def _guide(request: Request, services: Services, account: Account, name: str) -> Guide:
    words, role = services.words, services.roles.by_id.get(name)
    permissions = role.permissions if role else frozenset()
    own = name == EVERYBODY or name in account.roles
    return Guide(
        name,
        words("help.role", role=role.said(words)) if role else words("help.everybody.summary"),
        words(f"help.{name}.summary") if role else "",
        [_shown(request, services, name, task) for task in GUIDES[name]],
        [
            (words(f"{platform.slug}.title"), _said(services, platform.permissions, permissions))
            for platform in request.app.state.roster
            if permissions & set(platform.permissions)
        ],
        own,
    )


def _said(
    services: Services, of_platform: type[Permission], held: frozenset[Permission]
) -> list[str]:
    return [services.words(of.words) for of in of_platform if of in held]


def _shown(request: Request, services: Services, guide: str, task: Task) -> Shown:
    words, picture = services.words, pictures().get(task.picture)
    now = digest(request.app.state.templates, picture.template) if picture else ""
    title = words(f"help.{guide}.{task.name}")
    old = picture is not None and picture.digest != now
    return Shown(task, title, list(steps(words, guide, task)), picture, old)
