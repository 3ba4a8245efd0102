"""Jinja over every room's templates, with words, time and figures as people read them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.catalogue.words import Words
from config.vocabulary.indicators import INDICATORS

ZONE = ZoneInfo("Asia/Shanghai")
LAST_MS = 253_402_214_400_000
"""The last day of the year 9999 begins; in every zone the calendar goes so far."""
_API = Path(__file__).parents[1]
STATIC = Path(__file__).parent / "static"

_environment = Environment(
    loader=FileSystemLoader(sorted(_API.glob("**/templates"))),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _local(at_ms: int | None) -> datetime | None:
    """An instant in the district; None where there is none, or no calendar has it."""
    return datetime.fromtimestamp(at_ms / 1000, ZONE) if at_ms and at_ms <= LAST_MS else None


def clock(at_ms: int | None) -> str:
    """Time of day in the district."""
    local = _local(at_ms)
    return f"{local:%H:%M:%S}" if local else "—"


def day_and_clock(at_ms: int | None) -> str:
    """Day and time in the district."""
    local = _local(at_ms)
    return f"{local.month}月{local.day}日 {local:%H:%M:%S}" if local else "—"


def figure(value: float, code: str) -> str:
    """A value with its indicator's decimals."""
    return f"{value:.{INDICATORS[code].decimals}f}"


_environment.filters["clock"] = clock
_environment.filters["figure"] = figure
_environment.filters["day_and_clock"] = day_and_clock


def page(request: Request, words: Words, template: str, **values: Any) -> HTMLResponse:
    """A rendered page."""
    shared = {"now_ms": request.app.state.parts.now_ms(), "path": request.url.path}
    context = {"t": words, "account": None, "menu": ()} | shared | values
    return HTMLResponse(_environment.get_template(template).render(context))
