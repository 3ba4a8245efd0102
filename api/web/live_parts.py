"""The parts of a page that change while it stands open: elements with an id and ``data-live``.

An open page sends the digests of the parts that it shows, and is sent those that differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

HEADER = "live-parts"
"""Of a request: the digests of the parts that the page shows, apart by spaces; maybe none."""
_BEGIN = re.compile(r'<(\w+)\b[^>]*?\sid="([\w-]+)"[^>]*?\sdata-live\b[^>]*>')


def changed(html: str, known: str, now_ms: int) -> bytes:
    """JSON of ``now``, UTC epoch ms, and of each part that is not ``known`` by id its ``digest``
    and ``html``.
    """
    digests = set(known.split())
    found = {}
    for name, part in _parts(html):
        digest = hashlib.blake2b(part.encode(), digest_size=6).hexdigest()
        if digest not in digests:
            found[name] = {"digest": digest, "html": part}
    return msgspec.json.encode({"now": now_ms, "parts": found})


def _parts(html: str) -> Iterator[tuple[str, str]]:
    for begin in _BEGIN.finditer(html):
        depth = 0
        for edge in re.compile(rf"<(/?){begin[1]}\b[^>]*>").finditer(html, begin.start()):
            depth += -1 if edge[1] else 1
            if depth == 0:
                yield begin[2], html[begin.start() : edge.end()]
                break
