"""The pages' libraries: exactly the files that pages ask for, from the folder of npm packages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

from config.vocabulary.errors import Refused

FILES = (
    "echarts/dist/echarts.min.js",
    "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css",
)


def mount(app: FastAPI, folder: Path) -> None:
    """Answer ``/lib/{file}`` for each of the files.

    Raises:
        Refused: the packages are not installed.
    """
    for name in FILES:
        file = folder / name
        if not file.is_file():
            raise Refused(str(file), "is missing", "run `make setup`, or `npm ci` beside it")
        app.get(f"/lib/{name}", include_in_schema=False)(_sender(file))


def _sender(file: Path) -> Callable[[], FileResponse]:
    def send() -> FileResponse:
        return FileResponse(file)

    return send
