"""The page of saved questions, and the forms by which they are saved and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.questions import actions, wording
from api.platforms.budget.questions.records import LONGEST_NAME, PageName
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page

router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Key = Annotated[str, Path(pattern=r"^[a-z0-9]{1,20}$")]
Field = Annotated[Typed, Form()]
Query = Annotated[str, Form(max_length=20_000)]


@router.get("/questions", response_class=HTMLResponse)
def questions(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The own ones, and those of everybody."""
    return _shown(request, services, account, {}, {})


@router.post("/questions", response_model=None)
def save(
    request: Request,
    services: ServicesOf,
    account: Reader,
    page: Annotated[PageName, Form()],
    query: Query = "",
    name: Field = "",
    shared: Annotated[Literal["", "yes"], Form()] = "",
) -> Response:
    """Keep the question of a page; with faults the form comes again with all that was written."""
    written = {"page": page, "query": query, "name": name, "shared": shared}

    def act() -> None:
        actions.save(services, account, page, query, name, shared=bool(shared))

    return _answered(request, services, account, act, "", written)


@router.post("/questions/{question}/rename", response_model=None)
def rename(
    question: Key, request: Request, services: ServicesOf, account: Reader, name: Field = ""
) -> Response:
    """Give a question another name."""

    def act() -> None:
        actions.rename(services, account, question, name)

    return _answered(request, services, account, act, f"{question}-", {"name": name})


@router.post("/questions/{question}/move", response_model=None)
def move(
    question: Key,
    request: Request,
    services: ServicesOf,
    account: Reader,
    to: Annotated[Literal["up", "down"], Form()],
) -> Response:
    """Put a question before the one above it, or behind the one below it."""
    actions.move(services, account, question, -1 if to == "up" else 1)
    return RedirectResponse(link(request, "/questions"), 303)


@router.post("/questions/{question}/remove", response_model=None)
def remove(question: Key, request: Request, services: ServicesOf, account: Reader) -> Response:
    """Take a question away."""
    actions.remove(services, account, question)
    return RedirectResponse(link(request, "/questions"), 303)


def _answered(
    request: Request,
    services: Services,
    account: Account,
    act: Callable[[], None],
    form: str,
    written: Mapping[str, str],
) -> Response:
    try:
        act()
    except NotAccepted as refused:
        said = services.words(f"budget.questions.wrong-{refused.key}", **refused.values)
        given = {f"{form}{name}": of for name, of in written.items()}
        wrong = {f"{form}{refused.faults[0].where}": said}
        answer = _shown(request, services, account, wrong, given)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, "/questions"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    found = actions.kept(services, account)
    return page(
        request,
        services.words,
        "budget/questions.html",
        **frame(request, services, account),
        kept=found,
        name_of=lambda of: wording.name(services.words, of),
        office=actions.may_share(account),
        longest=LONGEST_NAME,
        wrong=wrong,
        written=written,
    )


PAGES = (router,)
