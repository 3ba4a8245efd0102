"""Jinja over every room's templates, with words, time and figures as people read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from alerting.wording.formats import instant, water_class
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.indicators import INDICATORS

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


@pass_context
def clock(page: Context, at_ms: int | None) -> str:
    """An instant in the district, with its day where that is not the page's; a dash where there is
    none, or no calendar has it.
    """
    return instant(page["t"], at_ms, page["now_ms"]) if at_ms and at_ms <= LAST_MS else "—"


@pass_context
def named_class(page: Context, name: str) -> str:
    """A class of water in a sentence."""
    return water_class(page["t"], name)


def figure(value: float, code: str) -> str:
    """A value with its indicator's decimals."""
    return f"{value:.{INDICATORS[code].decimals}f}"


_environment.filters["clock"] = clock
_environment.filters["figure"] = figure
_environment.filters["water_class"] = named_class


def page(request: Request, words: Words, template: str, **values: Any) -> HTMLResponse:
    """A rendered page."""
    now_ms = request.app.state.services.now_ms()
    context = {"t": words, "path": request.url.path, "now_ms": now_ms, "account": None, "menu": ()}
    context["languages"] = [of for of in LANGUAGES if of != words.language]
    context |= values
    return HTMLResponse(_environment.get_template(template).render(context))
