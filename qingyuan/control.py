"""How a command reaches the core that has the data: HTTP on loopback, with the token in its
data directory.
"""

from __future__ import annotations

import json
import os
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
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import StreamingResponse

from config.vocabulary.errors import QingyuanError, Refused
from qingyuan.desk import Desk
from qingyuan.errands import ERRANDS, Line

FILE = "control.json"
SHUTDOWN_S = 3


class Door(msgspec.Struct, frozen=True):
    """Where a core listens, and the word that opens."""

    port: int
    token: str


@contextmanager
def listening(desk: Desk) -> Iterator[None]:
    """Errands are taken inside this context; the file that says where is readable by us alone."""
    path = desk.ground.settings.data_dir / FILE
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        token, steps = secrets.token_hex(16), _Steps()
        config = uvicorn.Config(
            _app(desk, token, steps),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([door],), name="control")
        thread.start()
        _write(path, Door(door.getsockname()[1], token))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            server.should_exit = True
            steps.close()
            thread.join()


def _write(path: Path, door: Door) -> None:
    fresh = path.with_suffix(".fresh")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(door))
    fresh.replace(path)


def _app(desk: Desk, token: str, steps: _Steps) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    async def errand(
        name: str, request: Request, authorization: Annotated[str, Header()] = ""
    ) -> StreamingResponse:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(403, f"the token stands in {FILE} of the data directory")
        if name not in ERRANDS:
            raise HTTPException(404, f"unknown errand {name!r}; use one of {', '.join(ERRANDS)}")
        options: dict[str, Any] = json.loads(await request.body())
        return StreamingResponse(_told(desk, name, options, steps), media_type="application/jsonl")

    app.post("/errands/{name}")(errand)
    return app


class _Steps:
    """Steps of errands that are under way; none begins when it is closed."""

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
        """Wait for those under way: what they use is let go of next."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._running)


def _told(desk: Desk, name: str, options: dict[str, Any], steps: _Steps) -> Iterator[bytes]:
    """The errand's lines, and a last one with its status or our error."""
    lines = ERRANDS[name](desk, options)
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
    """The lines of an errand that the running core does; None where none runs.

    Raises:
        Refused: it ends before the errand does.
    """
    try:
        door = msgspec.json.decode((data_dir / FILE).read_bytes(), type=Door)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    request = urllib.request.Request(
        f"http://127.0.0.1:{door.port}/errands/{name}",
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
        raise Refused(f"the core at {data_dir}", "ended before the errand did", remedy)
