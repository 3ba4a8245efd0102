"""The files that pages load: read once at start-up, addressed by their content, sent compressed.

All lie below one address that changes with any of them. A browser may therefore keep a file for
ever, and a script may name another beside it by a relative path.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response

from config.vocabulary.errors import Refused

STATIC = Path(__file__).parent / "static"
SHEETS = (
    *("theme", "base", "parts", "header", "list", "table", "form", "gate"),
    *("map", "chart", "station", "alert", "timeline", "reading", "refusals", "tuner"),
    *("account", "people", "duty", "notifications", "workbench", "search", "imports", "meetings"),
    *("survey", "opinions", "compared", "wall", "help", "print"),
)
"""Style sheets in the order of their cascade; pages load them as one file."""
FILES = (
    ".pages/charts.js",
    ".pages/map.js",
    ".pages/qr.js",
    "leaflet/dist/leaflet.css",
    "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css",
)
"""Of the npm packages, exactly the files that pages ask for."""
AT_THE_ROOT = ("service-worker.js", "manifest.webmanifest", "icon-192.png", "icon-512.png")
"""Files of which a browser keeps the address beyond a page, and asks there again by itself."""
mimetypes.add_type("image/webp", ".webp")
_FOR_EVER = "public, max-age=31536000, immutable"
_SHORTEST = 500
"""Bytes; what is shorter does not gain by compression."""


class Assets:
    """Files by name, and the address under which each is found."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        content = hashlib.blake2b(digest_size=8)
        for name in sorted(files):
            content.update(b"%b\0%d\0%b" % (name.encode(), len(files[name]), files[name]))
        self.prefix = f"/static/{content.hexdigest()}"
        self._packed = cache(lambda name: gzip.compress(files[name], mtime=0))

    def address(self, name: str) -> str:
        """Path of a file.

        Raises:
            KeyError: there is none of this name.
        """
        if name not in self._files:
            raise KeyError(name)
        return f"{self.prefix}/{name}"

    def answer(self, request: Request, digest: str, name: str) -> Response:
        """A file, compressed for a browser that takes it so.

        Raises:
            HTTPException: 404, there is none of this name and content.
        """
        if self.prefix != f"/static/{digest}" or name not in self._files:
            raise HTTPException(404)
        headers = {"Cache-Control": _FOR_EVER}
        return self._sent(request, name, headers)

    def at_the_root(self, request: Request, name: str) -> Response:
        """A file whose address never changes."""
        return self._sent(request, name, {"Cache-Control": "no-cache"})

    def _sent(self, request: Request, name: str, headers: dict[str, str]) -> Response:
        body = self._files[name]
        headers["Vary"] = "Accept-Encoding"
        if len(body) >= _SHORTEST and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = self._packed(name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(body, media_type=kind, headers=headers)


def mount(app: FastAPI, libraries: Path) -> None:
    """Answer below ``/static``, and let pages ask for addresses.

    Raises:
        Refused: the packages are not installed.
    """
    app.state.assets = assets = Assets(_own() | _foreign(libraries))
    app.get("/static/{digest}/{name:path}", include_in_schema=False)(assets.answer)
    for name in AT_THE_ROOT:
        app.get(f"/{name}", include_in_schema=False)(_answering(assets, name))


def _answering(assets: Assets, name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        return assets.at_the_root(request, name)

    return answer


def _own() -> dict[str, bytes]:
    files = {
        path.relative_to(STATIC).as_posix(): path.read_bytes()
        for path in STATIC.rglob("*")
        if path.is_file() and path.suffix != ".css"
    }
    sheets = (STATIC / "css" / f"{name}.css" for name in SHEETS)
    return files | {"app.css": b"".join(sheet.read_bytes() for sheet in sheets)}


def _foreign(libraries: Path) -> dict[str, bytes]:
    files = {}
    for name in FILES:
        file = libraries / name
        if not file.is_file():
            raise Refused(str(file), "is missing", "run `make setup`")
        files[file.name] = file.read_bytes()
    # The description of the API loads one sheet.
    files["swagger-ui.css"] += (STATIC / "swagger.css").read_bytes()
    return files
