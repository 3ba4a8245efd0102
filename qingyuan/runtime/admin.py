"""How a command reaches the core that has the data: HTTP on loopback, with the token in its
data directory.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import StreamingResponse

from config.files import write_whole
from config.vocabulary.errors import QingyuanError, Refused
from qingyuan.runtime import http_server
from qingyuan.runtime.site import SiteResources
from qingyuan.runtime.tasks import Line, Tasks

FILE = "control.json"


class Door(msgspec.Struct, frozen=True):
    """Where a core listens, and the word that opens."""

    port: int
    token: str


@contextmanager
def listening(resources: SiteResources, tasks: Tasks) -> Iterator[None]:
    """Tasks are taken inside this context; the file that says where is readable by us alone."""
    path = resources.shared.settings.data_dir / FILE
    # Named, else asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for its body.
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        token, steps = secrets.token_hex(16), _Steps()
        app = _app(resources, tasks, token, steps)
        with http_server.running(app, door, "control"):
            write_whole(
                path,
                msgspec.json.encode(Door(door.getsockname()[1], token)),
                mode=0o600,
                durable=False,
            )
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
                steps.close()


def _app(resources: SiteResources, tasks: Tasks, token: str, steps: _Steps) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    async def task(
        name: str, request: Request, authorization: Annotated[str, Header()] = ""
    ) -> StreamingResponse:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(403, f"the token stands in {FILE} of the data directory")
        if name not in tasks:
            raise HTTPException(404, f"unknown task {name!r}; use one of {', '.join(tasks)}")
        options: dict[str, Any] = json.loads(await request.body())
        return StreamingResponse(
            _answered(tasks[name](resources, options), steps), media_type="application/jsonl"
        )

    app.post("/tasks/{name}")(task)
    return app


class _Steps:
    """Steps of admin tasks that are under way; none begins when it is closed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running, self._closed = 0, False

    @contextmanager
    def one(self) -> Iterator[None]:
        """One step.

        Raises:
            Refused: the core is ending.
        """
        with self._changed:
            if self._closed:
                raise Refused("the core", "is ending", "repeat the command when it runs again")
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Wait for tasks under way: their resources are closed next."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._running)


def _answered(lines: Iterator[Line], steps: _Steps) -> Iterator[bytes]:
    """The admin task's lines, and a last one with its status or our error."""
    try:
        while True:
            with steps.one():
                line = next(lines, None)
            if line is None:
                return
            yield msgspec.json.encode(line) + b"\n"
    except QingyuanError as error:
        yield msgspec.json.encode(Line(str(error), status=2)) + b"\n"
    except OSError as error:
        text = f"{error.filename}: {error.strerror}; the core must be able to use it"
        yield msgspec.json.encode(Line(text, status=2)) + b"\n"


def asked(data_dir: Path, name: str, options: dict[str, Any]) -> Iterator[Line] | None:
    """The lines of an admin task that the running core does; None where none runs.

    Raises:
        Refused: it ends before the admin task does.
    """
    try:
        door = msgspec.json.decode((data_dir / FILE).read_bytes(), type=Door)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    request = urllib.request.Request(
        f"http://127.0.0.1:{door.port}/tasks/{name}",
        data=json.dumps(options).encode(),
        headers={"Authorization": f"Bearer {door.token}"},
    )
    # Whatever proxy the environment names, it is no business of loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError as error:
        with error:
            what = f"answers {error.status}: {error.read(200).decode(errors='replace')}"
        raise Refused(f"the core at {data_dir}", what, "see its log") from error
    except urllib.error.URLError:
        return None  # the file was left behind by one that was killed
    return _lines(answer, data_dir)


def _lines(answer: Any, data_dir: Path) -> Iterator[Line]:
    last: Line | None = None
    with answer:
        try:
            for row in answer:
                last = msgspec.json.decode(row, type=Line)
                yield last
        except OSError:
            last = None
    if last is None or last.status is None:
        remedy = "start it again and repeat the command; what was done already does no harm"
        raise Refused(f"the core at {data_dir}", "ended before the task did", remedy)
