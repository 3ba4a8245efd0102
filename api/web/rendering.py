"""Jinja over every room's templates, with words, time and figures as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context

from alerting.formats import instant, water_class
from api.web import live_parts
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.indicators import INDICATORS

LAST_MS = 253_402_214_400_000
"""The last day of the year 9999 begins; in every zone the calendar goes so far."""
_API = Path(__file__).parents[1]


def environment(folders: Mapping[str, Path]) -> Environment:
    """Jinja for one application. The templates of a platform, in any room of its folder, are found
    below its slug, so that two platforms may each have a ``list.html``.
    """
    found = Environment(
        loader=ChoiceLoader(
            [
                PrefixLoader({slug: _loader([folder]) for slug, folder in folders.items()}),
                _loader(_API / room for room in ("web", "authentication")),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["clock"] = clock
    found.filters["figure"] = figure
    found.filters["water_class"] = named_class
    return found


def _loader(folders: Iterable[Path]) -> FileSystemLoader:
    return FileSystemLoader([path for each in folders for path in sorted(each.rglob("templates"))])


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


def link(request: Request, path: str) -> str:
    """The address of a page of the platform that was asked; ``path`` begins with ``/``."""
    return f"{_base(request)}{path}"


def page(request: Request, words: Words, template: str, **values: Any) -> HTMLResponse:
    """A rendered page; for a page that stands open, those of its live parts that have changed."""
    html = rendered(request, words, template, **values)
    if live_parts.HEADER not in request.headers:
        return HTMLResponse(html)
    now_ms = request.app.state.services.now_ms()
    return live_parts.changed(live_parts.parts(html), request, now_ms)


def rendered(request: Request, words: Words, template: str, **values: Any) -> str:
    """The HTML of a page."""
    state = request.app.state
    context = {
        "t": words,
        "asset": state.assets.address,
        "base": _base(request),
        "now_ms": state.services.now_ms(),
        "map": state.services.map,
        "account": None,
        "acting": "",
        "menu": (),
        "languages": [of for of in LANGUAGES if of != words.language],
        "events": (),
        "unread": 0,
        "undelivered": False,
        "hint": "",
    }
    html: str = state.templates.get_template(template).render(context | values)
    return html


def _base(request: Request) -> str:
    """Below which the pages of the platform lie; empty where none was asked."""
    platform = getattr(request.state, "platform", None)
    return str(platform.address) if platform else ""
