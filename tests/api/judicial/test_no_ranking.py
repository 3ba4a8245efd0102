"""Nobody can make a ranking of bodies, units or judges out of what the platform gives out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from api.accounts.records import Account, Reach
from api.app import create_app
from api.platforms.judicial.figures import actions
from api.platforms.judicial.figures.records import templates
from api.platforms.judicial.permission import JudicialPermission
from tests.api.conftest import RunningCentre
from tests.api.duty.meeting_hands import hands
from tests.api.test_access_walk import VALUES

ORDERING = ("sort", "order", "order_by", "by", "rank", "top", "desc", "group", "compare")
PERSONAL = ("judge", "party", "plaintiff", "defendant", "case_number", "rank", "score", "place")
ALL = Account("all", "全部", reaches=(Reach(frozenset(JudicialPermission)),))
COUNTS = {body: 770_000 + 1_111 * (7 * at % 6 + 1) for at, body in enumerate(templates())}
"""Of each body one that no other text has, not in the official order."""


@pytest.fixture
def filled(centre: RunningCentre) -> RunningCentre:
    """The same count in every column of a body that must hold."""
    for body, template in templates().items():
        count = COUNTS[body]
        values = dict.fromkeys(template.columns, "0") | {"new": str(count), "pending": str(count)}
        if template.parts:
            values[template.parts[0]] = str(count)
        actions.send(centre.services, ALL, body, {"month": "2026-10"} | values)
        (row,) = actions.series(centre.services, ALL, body).versions
        actions.decide(centre.services, ALL, row["id"], accept=True, reason="")
    return centre


def judicial(centre: RunningCentre) -> Iterator[Any]:
    """Every route of the platform, its exports among them."""
    for route in iter_route_contexts(create_app(centre.services).routes):
        if "/judicial" in str(route.path):
            yield route


def addresses(centre: RunningCentre) -> Iterator[str]:
    """Of whatever may be read, for each body where it asks for one."""
    for route in judicial(centre):
        if "GET" in (route.methods or {"GET"}):
            path = str(route.path).replace(":path}", "}")
            for body in templates() if "{body}" in path else ("",):
                yield path.format(**VALUES | {"body": body, "form": "csv"})


def seen(text: str) -> set[str]:
    """The bodies whose counts stand in an answer, however it writes thousands."""
    plain = text.replace(",", "")
    return {body for body, count in COUNTS.items() if str(count) in plain}


def test_no_answer_holds_figures_of_two_bodies_however_it_is_asked(
    filled: RunningCentre, address: str
) -> None:
    """By page, API, export, search; with a wish for an order or without."""
    wishes = dict.fromkeys(ORDERING, "new")
    bodies: set[str] = set()
    with hands(address, "lianluo") as (office,):
        for path in addresses(filled):
            plain = office.get(path).text
            assert len(seen(plain)) <= 1, path
            assert seen(office.get(path, params=wishes).text) == seen(plain), path
            bodies |= seen(plain)
        for count in COUNTS.values():
            assert len(seen(office.get("/api/v1/search", params={"q": str(count)}).text)) <= 1
        listed = office.get("/api/v1/judicial/figures").json()
        found = office.get("/api/v1/judicial/figures", params=wishes | {"sort": "-new"}).json()
    assert bodies == set(templates()), "the walk did not read every body by itself"
    assert [of["id"] for of in listed] == list(templates())
    assert found == listed


def test_no_route_takes_an_order_and_no_answer_has_a_field_of_a_judge_a_party_or_a_place(
    centre: RunningCentre,
) -> None:
    """As the API describes itself."""
    schema = create_app(centre.services).openapi()
    paths = {path: of for path, of in schema["paths"].items() if "/judicial" in path}
    assert paths
    for path, methods in paths.items():
        for method in methods.values():
            names = {of["name"] for of in method.get("parameters", ())}
            assert not names.intersection(ORDERING), path
    wanted, fields = [json.dumps(paths)], set()
    while wanted:
        text = wanted.pop()
        for name, component in schema["components"]["schemas"].items():
            if f'schemas/{name}"' in text and name not in fields:
                fields |= {name, *component.get("properties", ())}
                wanted.append(json.dumps(component))
    assert not fields.intersection(PERSONAL)
    for route in judicial(centre):
        dependant = getattr(route, "dependant", None)
        names = {of.name for of in dependant.query_params} if dependant else set()
        assert not names.intersection(ORDERING), route.path
