"""Nobody can make a ranking of bodies, units or judges out of what the platform gives out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from api.accounts.records import Account, Reach
from api.accounts.repositories.units import Units
from api.app import create_app
from api.platforms.judicial.figures.records.templates import TOTAL, cell, templates
from api.platforms.judicial.manifest import PLATFORM as JUDICIAL
from api.platforms.judicial.permission import JudicialPermission
from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import RunningCentre
from tests.api.duty.meeting_hands import hands
from tests.api.judicial.figure_hands import accepted, form
from tests.api.judicial.rankings import OFFICERS, PLACES, Media, Ranking, rankings, reordered
from tests.api.test_access_walk import VALUES

ORDERING = ("sort", "order", "order_by", "by", "rank", "top", "desc", "group", "compare", "units")
WISHES = ("new", "-new", "desc", "total.pending", "clearance", "court,police,petitions",
          "court", "2026-10")  # fmt: skip
"""Values that somebody who wants a ranking would try."""
ALL = Account("all", "全部", reaches=(Reach(frozenset(JudicialPermission)),))
COUNTS = {body: 770_000 + 1_111 * (5 * at % 6 + 1) for at, body in enumerate(templates())}
"""Of each body one that no other text has, not in the official order."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where somebody may make a ranking: the address, what was asked, and why."""

    path: str
    why: str


def _ranked(order: str = "") -> list[dict[str, object]]:
    found = [{"body": of, "new": count} for of, count in COUNTS.items()]
    return sorted(found, key=lambda of: str(of[order])) if order in ("new", "body") else found


def _fake_api() -> APIRouter:
    router = APIRouter()

    @router.get("/league")
    def league() -> list[dict[str, object]]:
        return _ranked()

    return router


def _fake_csv() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/league.csv", response_class=PlainTextResponse)
    def league() -> PlainTextResponse:
        lines = ["单位,新收", *(f"{of},{count}" for of, count in COUNTS.items())]
        return PlainTextResponse("\n".join(lines), media_type="text/csv")

    return router


def _fake_page() -> APIRouter:
    """Shows names alone, and figures only to whoever names bodies."""
    router = APIRouter(include_in_schema=False)

    @router.get("/league", response_class=HTMLResponse)
    def league(units: str = "") -> HTMLResponse:
        wanted = [of for of in units.split(",") if of in COUNTS]
        items = [f"<li>{of} 新收 {COUNTS[of]}</li>" for of in wanted]
        return HTMLResponse(f"<ul>{''.join(items)}</ul>")

    return router


def _fake_order() -> APIRouter:
    """Gives bodies without any figure, in the order of what is not shown."""
    router = APIRouter()

    @router.get("/ordered")
    def ordered(sort: str = "") -> list[str]:
        return [str(of["body"]) for of in _ranked(sort)]

    return router


def _fake_judges() -> APIRouter:
    router = APIRouter()

    @router.get("/judges/{body}")
    def judges(body: str) -> list[dict[str, object]]:
        return [{"id": at, "judge": f"法官{at}", "closed": 5 + at} for at in range(2)]

    return router


RANKING = replace(
    JUDICIAL,
    api=(*JUDICIAL.api, _fake_api(), _fake_order(), _fake_judges()),
    pages=(*JUDICIAL.pages, _fake_csv(), _fake_page()),
)
FAKES = ("/api/v1/judicial/league", "/api/v1/judicial/ordered", "/api/v1/judicial/judges",
         "/judicial/league.csv", "/judicial/league")  # fmt: skip


@pytest.fixture
def ranks(request: pytest.FixtureRequest) -> bool:
    """Whether the platform is one that ranks; else it is the product's."""
    return bool(getattr(request, "param", False))


@pytest.fixture
def roster(ranks: bool) -> tuple[Platform, ...]:
    """The platforms."""
    return tuple(RANKING if ranks and of is JUDICIAL else of for of in ROSTER)


@pytest.fixture
def filled(centre: RunningCentre) -> RunningCentre:
    """The same count of one row in a table of each body that holds."""
    for body, template in templates().items():
        first, count = next(iter(template.rows)), COUNTS[body]
        written = form(body, "2026-10", {first: (0, count, 0)})
        assert written[cell(TOTAL, "new")] == str(count)
        accepted(centre, ALL, body, written)
    return centre


def judicial(centre: RunningCentre, roster: Sequence[Platform]) -> Iterator[Any]:
    """Every route of the platform, its exports among them."""
    for route in iter_route_contexts(create_app(centre.services, roster).routes):
        if "/judicial" in str(route.path):
            yield route


def addresses(route: Any) -> Iterator[str]:
    """Of a route that may be read, for each body where it asks for one."""
    if "GET" in (route.methods or {"GET"}):
        path = str(route.path).replace(":path}", "}")
        forms = ("csv",) if "{form}" in path else ("",)
        for body in templates() if "{body}" in path else ("",):
            for of in forms:
                yield path.format(**VALUES | {"body": body, "form": of})


def asked(route: Any) -> Mapping[str, Sequence[str]]:
    """The parameters of a route with plausible values, and those that nobody documents."""
    found: dict[str, Sequence[str]] = dict.fromkeys(ORDERING, WISHES)
    dependant = getattr(route, "dependant", None)
    for of in dependant.query_params if dependant else ():
        kind = of.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= {name: plausible(one.annotation) for name, one in kind.model_fields.items()}
        else:
            found[of.alias] = plausible(kind)
    return found


def plausible(kind: Any) -> Sequence[str]:
    """Values of a type: each of a choice, truth, small numbers, or whatever one would wish."""
    origin = get_origin(kind)
    if origin is Literal:
        return [str(of) for of in get_args(kind)]
    if origin is Annotated:
        return plausible(get_args(kind)[0])
    if get_args(kind):
        return [value for of in get_args(kind) if of is not type(None) for value in plausible(of)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(of.value) for of in kind]
    return {bool: ("true", "false"), int: ("1", "2")}.get(kind, WISHES)


def rounds(parameters: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, str]]:
    """Each parameter takes its values in turn, all of them at once."""
    for at in range(max(len(of) for of in parameters.values())):
        yield {name: of[at % len(of)] for name, of in parameters.items() if of}


def seen(text: str) -> set[str]:
    """The bodies whose counts stand in an answer, however it writes thousands."""
    plain = text.replace(",", "")
    return {body for body, count in COUNTS.items() if str(count) in plain}


def media(answer: httpx.Response) -> Media | None:
    """As what an answer is to be read; None: a workbook, a calendar."""
    kind = answer.headers.get("content-type", "")
    known: dict[str, Media] = {"text/html": "html", "application/json": "json", "text/csv": "csv"}
    return next((of for name, of in known.items() if kind.startswith(name)), None)


def walked(
    client: httpx.Client, routes: Sequence[Any], subjects: Mapping[str, str]
) -> tuple[list[Found], set[str]]:
    """Wherever a ranking may be made, and the bodies whose figures were read."""
    found: list[Found] = []
    bodies: set[str] = set()
    judged: set[str] = set()

    def judge(path: str, answer: httpx.Response) -> None:
        kind = media(answer)
        if kind is None or answer.text in judged:
            return
        judged.add(answer.text)
        if len(together := seen(answer.text)) > 1:
            found.append(Found(path, f"figures of {sorted(together)}"))
        every: Sequence[Ranking] = rankings(answer.text, kind, subjects)
        found.extend(Found(path, str(of)) for of in every)
        bodies.update(together)

    for route in routes:
        judged.clear()
        for at, path in enumerate(addresses(route)):
            plain = client.get(path)
            judge(path, plain)
            if at:
                continue
            for wish in rounds(asked(route)):
                answer = client.get(path, params=dict(wish))
                judge(path, answer)
                alike = answer.is_success and media(answer) is not None
                if (
                    answer.text != plain.text
                    and alike
                    and reordered(_main(plain.text), _main(answer.text), subjects)
                ):
                    found.append(Found(path, f"another order by {wish}"))
    return found, bodies


def _main(text: str) -> str:
    """A page without its head, in which a person's own units may stand."""
    return text.partition("<main")[2] or text


def known(centre: RunningCentre) -> Mapping[str, str]:
    """Every unit by id and by name."""
    units = Units(centre.services.state).all()
    return {name: of.id for of in units for name in (of.id, of.name)}


@pytest.mark.parametrize("ranks", [True], indirect=True)
def test_every_route_that_ranks_is_found_by_the_walk(
    filled: RunningCentre, address: str, roster: tuple[Platform, ...]
) -> None:
    """Otherwise the next test could not fail."""
    planted = [of for of in judicial(filled, roster) if str(of.path).startswith(FAKES)]
    with hands(address, "lianluo") as (office,):
        found, _ = walked(office, planted, known(filled))
    paths = {str(of.path).partition("/{")[0] for of in planted}
    assert paths == set(FAKES)
    for path in paths:
        of_path = [of for of in found if of.path == path or of.path.startswith(f"{path}/")]
        assert of_path, path


def test_no_answer_holds_figures_of_two_bodies_however_it_is_asked(
    filled: RunningCentre, address: str, roster: tuple[Platform, ...]
) -> None:
    """By page, API, export, search; with a wish for an order or without."""
    routes, subjects = list(judicial(filled, roster)), known(filled)
    with hands(address, "lianluo") as (office,):
        found, bodies = walked(office, routes, subjects)
        for count in COUNTS.values():
            for path in ("/api/v1/search", "/search"):
                assert len(seen(office.get(path, params={"q": str(count)}).text)) <= 1
        listed = office.get("/api/v1/judicial/figures").json()
        told = office.get("/").text + office.get("/api/v1/workbench").text
    assert found == []
    assert bodies == set(templates()), "the walk did not read every body by itself"
    assert [of["id"] for of in listed] == list(templates())
    assert not seen(told)


def test_no_route_takes_an_order_and_no_answer_has_a_field_of_a_judge_a_party_or_a_place(
    centre: RunningCentre, roster: tuple[Platform, ...]
) -> None:
    """As the API describes itself."""
    schema = create_app(centre.services, roster).openapi()
    paths = {path: of for path, of in schema["paths"].items() if "/judicial" in path}
    assert paths
    for path, methods in paths.items():
        for method in methods.values():
            names = {of["name"] for of in method.get("parameters", ())}
            assert not names.intersection(set(ORDERING) - {"units"}), path
    fields = _fields(schema, json.dumps(paths))
    personal = ("party", "plaintiff", "defendant", "case_number")
    matches: Sequence[Callable[[str], object]] = (OFFICERS.search, PLACES.fullmatch)
    assert [of for of in fields if of in personal or any(one(of) for one in matches)] == []
    for route in judicial(centre, roster):
        dependant = getattr(route, "dependant", None)
        names = {of.name for of in dependant.query_params} if dependant else set()
        assert not names.intersection(ORDERING), route.path


def _fields(schema: Mapping[str, Any], text: str) -> set[str]:
    """The names of fields of all shapes that a description leads to."""
    wanted, found = [text], set()
    while wanted:
        text = wanted.pop()
        for name, component in schema["components"]["schemas"].items():
            if f'schemas/{name}"' in text and name not in found:
                found |= {name, *component.get("properties", ())}
                wanted.append(json.dumps(component))
    return found
