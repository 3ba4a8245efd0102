"""SensorThings over HTTP: one address for the service, and one for each resource below it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from api.accounts.records import Account
from api.authentication.costs import CHART, costs
from api.authentication.requests import require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.sensorthings.actions.answers import Answers, Collection, Property
from api.platforms.environment.sensorthings.records.addresses import parsed
from api.platforms.environment.sensorthings.records.kinds import CONFORMANCE, SETS, Entity
from api.platforms.environment.sensorthings.records.options import OF_ONE, Options, read
from api.platforms.environment.sensorthings.records.refusals import BadOption, UnknownResource
from api.services import Services, ServicesOf

ADDRESS = "/sensorthings/v1.1"
router = APIRouter(tags=["sensorthings"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]
ROWS = 200
"""Entities that are written at once."""
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {}}, "text/plain": {"schema": {}}}},
    204: {"description": "The property has no value"},
    400: {"description": "An option does not hold"},
    501: {"description": "SensorThings knows it, this service does not"},
}


@router.get(ADDRESS)
def service(request: Request, services: ServicesOf, _who: Viewer) -> dict[str, Any]:
    """The collections of OGC SensorThings 1.1, and the requirements that hold."""
    base = _base(request, services)
    return {
        "value": [{"name": name, "url": f"{base}/{name}"} for name in SETS],
        "serverSettings": {"conformance": CONFORMANCE},
    }


@router.get(ADDRESS + "/{resource:path}", responses=_ANSWERS, response_class=JSONResponse)
@costs(CHART)
def resource(
    request: Request,
    resource: str,
    services: ServicesOf,
    who: Viewer,
    _filter: Annotated[str | None, Query(alias="$filter")] = None,
    _expand: Annotated[str | None, Query(alias="$expand")] = None,
    _select: Annotated[str | None, Query(alias="$select")] = None,
    _orderby: Annotated[str | None, Query(alias="$orderby")] = None,
    _top: Annotated[str | None, Query(alias="$top")] = None,
    _skip: Annotated[str | None, Query(alias="$skip")] = None,
    _count: Annotated[str | None, Query(alias="$count")] = None,
) -> Response:
    """A resource of OGC SensorThings 1.1, sensing part: entities, properties, Observations."""
    if not resource:
        return JSONResponse(service(request, services, who))
    address, answers = parsed(resource), Answers(services, _base(request, services))
    found, pairs = answers.resource(address), request.query_params.multi_items()
    if address.end == "$value" and not isinstance(found, Property):
        raise UnknownResource("$value stands behind a property, as in Things('id')/name/$value")
    if isinstance(found, Property):
        _without(pairs, ())
        return _property(found, raw=address.end == "$value")
    if isinstance(found, Entity):
        _without(pairs, OF_ONE)
        options = read(pairs, found.kind)
        if address.end:
            return JSONResponse({"@iot.selfLink": answers.link(found)})
        return JSONResponse(answers.single(found, options))
    return _collection(answers, found, read(pairs, found.kind), links=bool(address.end))


def _base(request: Request, services: Services) -> str:
    here = services.public.url or f"{request.url.scheme}://{request.url.netloc}"
    return f"{here}/api/v1{ADDRESS}"


def _without(pairs: Iterable[tuple[str, str]], known: tuple[str, ...]) -> None:
    for name, _ in pairs:
        if name not in known:
            said = f"use {' and '.join(known)} alone" if known else "leave it out"
            raise BadOption(name or "?", f"a single resource does not take it; {said}")


def _property(found: Property, *, raw: bool) -> Response:
    if found.value is None:
        return Response(status_code=204)
    if not raw:
        return JSONResponse({found.name: found.value})
    simple = isinstance(found.value, str)
    return PlainTextResponse(found.value if simple else _json(found.value))


def _collection(answers: Answers, of: Collection, options: Options, *, links: bool) -> Response:
    page = answers.page(of, options)
    shown: Iterable[dict[str, object]]
    if links:
        shown = ({"@iot.selfLink": answers.link(one)} for one in page.rows)
    else:
        shown = (answers.shown(one, options) for one in page.rows)
    # What is expanded may be refused while it is read: no answer has begun then.
    rows = list(shown) if options.expand else shown
    return StreamingResponse(_written(page.head, rows), media_type="application/json")


def _written(head: dict[str, object], rows: Iterable[dict[str, object]]) -> Iterator[str]:
    begun = _json(head)[:-1]
    yield begun + (", " if head else "") + '"value": ['
    between, left = "", iter(rows)
    while some := list(islice(left, ROWS)):
        yield between + ", ".join(map(_json, some))
        between = ", "
    yield "]}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
