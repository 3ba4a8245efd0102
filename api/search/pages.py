"""The page of the search: a box, the answer, and by which it may be narrowed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SignedIn
from api.frame import frame
from api.search.form import A_PAGE, Question
from api.search.index import SearchIndex
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
@costs(COSTLY)
def found(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    question: Annotated[Question, Query()],
) -> HTMLResponse:
    """Whatever the person sees that has the words, a page at a time."""
    first = (question.page - 1) * A_PAGE
    answer = SearchIndex(services.state).found(account, question.asked, first, A_PAGE)
    return page(
        request,
        services.words,
        "search/search.html",
        **frame(request, services, account),
        question=question,
        answer=answer,
        pages=-(-answer.total // A_PAGE),
    )
