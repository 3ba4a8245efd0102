"""The list of people over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.administration.authority import Answered, OverPeople, OverRoles, Viewer
from api.administration.people import actions
from api.administration.people.records import Asked, Newcomer, TermEnd
from api.administration.people.schemas import (
    FirstPassword,
    PeoplePage,
    TermState,
    page_state,
    term_state,
)
from api.authentication.requests import SameOrigin
from api.services import ServicesOf

A_PAGE = 200
router = APIRouter(tags=["administration"], dependencies=[SameOrigin, Answered])


@router.get("/people")
def people(asked: Annotated[Asked, Query()], services: ServicesOf, account: Viewer) -> PeoplePage:
    """People, 200 a page, with the counts of each filter."""
    return page_state(actions.searched(services, account, asked, most=A_PAGE))


@router.post("/people", status_code=201)
def create(newcomer: Newcomer, authority: OverPeople) -> FirstPassword:
    """Give an account to somebody; the first password is kept nowhere."""
    password = actions.create(authority, newcomer)
    return FirstPassword(username=newcomer.username, first_password=password)


@router.post("/terms")
def end_term(given: TermEnd, authority: OverRoles, *, dry_run: bool = True) -> TermState:
    """End a role for the people named; with ``dry_run`` say whose it would end."""
    term = given.term()
    found = actions.ending(authority, term)
    ended = 0 if dry_run else actions.end_term(authority, term, given.usernames)
    return term_state(found, ended)
