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

from api.app import create_app
from tests.api.conftest import RunningCentre


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
