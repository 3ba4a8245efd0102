"""The parts of a page that change while it stands open: elements with an id and ``data-live``.

An open page sends the digests of the parts that it shows, and is sent those that differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from fastapi import Request
from fastapi.responses import HTMLResponse

HEADER = "live-parts"
"""Of a request: the digests of the parts that the page shows, apart by spaces; maybe none."""
_BEGIN = re.compile(r'<(\w+)\b[^>]*?\sid="([\w-]+)"[^>]*?\sdata-live\b[^>]*>')


class Part(NamedTuple):
    """A live part of a page, and a digest of it."""

    digest: str
    html: str


def parts(html: str) -> dict[str, Part]:
    """The live parts of a page, by id."""
    return {
        name: Part(hashlib.blake2b(part.encode(), digest_size=6).hexdigest(), part)
        for name, part in _found(html)
    }


def changed(shown: Mapping[str, Part], request: Request, now_ms: int) -> HTMLResponse:
    """For an open page: ``now``, UTC epoch ms, and of each part that it does not show yet the
    ``digest`` and ``html`` by id, as JSON.
    """
    known = set(request.headers[HEADER].split())
    new = {name: part._asdict() for name, part in shown.items() if part.digest not in known}
    body = msgspec.json.encode({"now": now_ms, "parts": new})
    return HTMLResponse(body, media_type="application/json")


def _found(html: str) -> Iterator[tuple[str, str]]:
    for begin in _BEGIN.finditer(html):
        depth = 0
        for edge in re.compile(rf"<(/?){begin[1]}\b[^>]*>").finditer(html, begin.start()):
            depth += -1 if edge[1] else 1
            if depth == 0:
                yield begin[2], html[begin.start() : edge.end()]
                break
