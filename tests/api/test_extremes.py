"""Numbers beyond all reason are refused before anything is asked with them: a database fails on
them instead of finding nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import iter_route_contexts

from api.accounts.enrolment.people import Newcomer
from api.app import create_app
from tests.api.conftest import USERNAMES, RunningCentre, enrolled_now
from tests.api.test_access_walk import VALUES
from tests.conftest import SOAK

TIMES = ("year", "month", "week", "quarter", "period", "day", "from_day", "until_day", "from")
TIMES += ("since", "found", "sent", "before")
"""Names of what is asked for by day, month or year."""
NO_TIMES = ("0000", "9999", "2026-02-31", "2026-02-31.1", "9999-12-31")
if SOAK:
    NO_TIMES += ("-1", "1", "10000", "2026-13", "0001-01", "9999-12", "0001-01-01", "2999-12-31")
PASSWORD = "right for everything"


def whole_numbers(schema: Any, where: str = "") -> Iterator[tuple[str, bool]]:
    """Each one of a schema, and whether it has an upper and a lower bound."""
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and not {"const", "enum"} & schema.keys():
            yield where, {"minimum", "maximum"} <= schema.keys()
        for name, part in schema.items():
            yield from whole_numbers(part, f"{where}/{name}")
    elif isinstance(schema, list):
        for part in schema:
            yield from whole_numbers(part, where)


def taken(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    """All that a route takes from who asks, by name, with its schema."""
    fields = get_flat_params(dependant)
    waiting = [dependant]
    while waiting:
        one = waiting.pop()
        fields += one.body_params
        waiting += one.dependencies
    for field in fields:
        yield field.alias, field._type_adapter.json_schema()


def test_every_whole_number_that_somebody_sends_has_bounds(centre: RunningCentre) -> None:
    """In addresses, questions, forms and bodies, of pages and of the API; a new route too."""
    found = {
        (path, name, where): bounded
        for route in iter_route_contexts(create_app(centre.services).routes)
        if (dependant := getattr(route, "dependant", None)) is not None
        for path in [str(route.path)]
        for name, schema in taken(dependant)
        for where, bounded in whole_numbers(schema)
    }

    assert len(found) > 500
    assert [at for at, bounded in found.items() if not bounded] == []


@pytest.mark.parametrize("number", [10**30, 2**63, -1])
@pytest.mark.parametrize(
    "path",
    [
        "/imports/{}",
        "/imports/sources/{}",
        "/api/v1/imports/loads/{}",
        "/reports/{}",
        "/api/v1/reports/{}",
        "/api/v1/corrections?page={}",
        "/api/v1/stations/tonglv-pingchao/series/w21003?from_ms={}&to_ms={}",
        "/api/v1/stations/tonglv-pingchao/reviews?from_ms={}",
    ],
)
def test_given_a_number_that_no_row_has_then_it_is_refused(
    officer: httpx.Client, path: str, number: int
) -> None:
    """Or not found, or nothing is; never a fault of ours."""
    assert officer.get(path.format(number, number)).status_code in (200, 404, 422)


@pytest.fixture
def everything(centre: RunningCentre, address: str) -> Iterator[httpx.Client]:
    """Somebody of every role."""
    enrolled_now(centre, Newcomer("zhulin", "朱琳", roles=tuple(USERNAMES)), PASSWORD)
    with httpx.Client(base_url=address, timeout=60) as client:
        body = {"username": "zhulin", "password": PASSWORD}
        assert client.post("/api/v1/session", json=body).status_code == 204
        yield client


def test_given_days_that_nobody_means_when_asked_by_any_address_then_no_fault_is_ours(
    centre: RunningCentre, everything: httpx.Client
) -> None:
    """Before all years that a calendar has, behind them, and of no month; a new address too."""
    asked, ours = 0, []
    for route in iter_route_contexts(create_app(centre.services).routes):
        dependant, path = getattr(route, "dependant", None), str(route.path)
        if dependant is None or "GET" not in (route.methods or ()) or path.endswith("{form}"):
            continue
        names = {field.alias for field in get_flat_params(dependant)} & set(TIMES)
        address = path.replace(":path}", "}").format(**VALUES)
        for name in names - set(VALUES):
            for given in NO_TIMES:
                asked += 1
                answer = everything.get(address, params={name: given})
                if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                    ours.append(f"{address}?{name}={given}")

    assert asked > 300
    assert ours == []


@pytest.mark.parametrize("year", [-1, 0, 1, 9999, 10000])
@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("budget.special", {"title": "泵站", "to_year": 2026}),
        ("budget.execution", {"month": 1}),
        ("duty.duty-record", {"username": "daibiao"}),
    ],
)
def test_given_a_paper_of_such_a_year_then_it_is_refused_at_its_field(
    everything: httpx.Client, kind: str, others: dict[str, object], year: int
) -> None:
    """None is made."""
    field = "from_year" if "to_year" in others else "year"
    for said in (year, str(year)):
        body = {"kind": kind, "parameters": others | {field: said}}
        answer = everything.post("/api/v1/reports", json=body)
        assert (answer.status_code, field in answer.text) == (422, True), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "payments?from_day=2026-02-31",
        "payments?until_day=2026-06-31",
        "payments?before=2026-13-01.1",
        "assets?year=9999",
    ],
)
def test_given_no_day_in_a_question_about_money_then_the_field_is_named(
    everything: httpx.Client, question: str
) -> None:
    """As for any other value that does not hold."""
    answer = everything.get(f"/api/v1/budget/{question}")
    field = question.partition("?")[2].partition("=")[0]
    assert (answer.status_code, field in answer.text) == (422, True), answer.text
