"""The log of a process that runs on."""

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from qingyuan.logs import SPARED_S, Line, Sparing


def record(message: str, *values: object) -> logging.LogRecord:
    """Of 2026-11-24, 04:00:00.5 UTC."""
    made = logging.LogRecord("api.accounts", logging.WARNING, "", 0, message, values, None)
    made.created, made.msecs = 1_795_492_800.5, 500.0
    return made


def test_a_line_says_when_how_grave_where_and_what() -> None:
    """The instant in UTC, whatever the zone of the machine."""
    said = Line().format(record("sign-ins from %s", "192.0.2.1"))
    assert said == "2026-11-24T04:00:00.500Z WARNING api.accounts: sign-ins from 192.0.2.1"


@pytest.mark.parametrize(
    "text",
    ["x\n2026-11-24T04:00:00.000Z INFO api: all is well", "a\rb", "\x1b[2J", "\u2028\u202e"],
)
def test_what_was_sent_cannot_begin_another_line_or_speak_to_a_terminal(text: str) -> None:
    """Line breaks and other signs that control stand there as escapes; Chinese stays."""
    said = Line().format(record("%s 李明", text))
    assert said.isprintable()
    assert said.endswith("李明")


def test_a_process_that_runs_on_logs_like_this_on_stderr() -> None:
    """Our own rooms also what is no trouble, libraries only what is."""
    code = (
        "import logging; from qingyuan import logs; logs.begin()\n"
        "for name in ('api.audit', 'paho'): logging.getLogger(name).info('begun')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('paho').exception('it fails')\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    own, foreign, *traceback = done.stderr.splitlines()
    assert re.fullmatch(r"[\d-]+T[\d:.]+Z INFO api\.audit: begun", own)
    assert re.fullmatch(r"[\d-]+T[\d:.]+Z ERROR paho: it fails", foreign)
    assert traceback[-1] == "ZeroDivisionError: division by zero"


class Log:
    """A log at an instant of its own, and what stands in it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.written = io.StringIO()
        self.handler = Sparing(lambda: self.now_s)
        self.handler.setFormatter(Line())
        self.handler.setStream(self.written)
        self._loggers = [logging.getLogger(name) for name in ("api.live", "uvicorn.error")]
        for logger in self._loggers:
            logger.addHandler(self.handler)
            logger.propagate = False

    def close(self) -> None:
        self.handler.close()
        for logger in self._loggers:
            logger.removeHandler(self.handler)
            logger.propagate = True

    def fails(self, wrong: Callable[[], object], name: str = "api.live") -> None:
        try:
            wrong()
        except Exception:
            logging.getLogger(name).exception("it fails")

    def lines(self) -> list[str]:
        """Those since the last look that are no traceback's."""
        text = self.written.getvalue()
        self.written.seek(self.written.truncate(0))
        return re.findall(r"^\d{4}-.*", text, re.MULTILINE)


@pytest.fixture
def log() -> Iterator[Log]:
    """Nothing said yet."""
    made = Log()
    yield made
    made.close()


def test_given_the_same_error_again_and_again_then_its_traceback_stands_once_a_minute(
    log: Log,
) -> None:
    """The others are a number, whatever is said next says it."""
    for _ in range(1000):
        log.fails(lambda: 1 / 0)
    assert len(log.lines()) == 1
    log.now_s += SPARED_S
    logging.getLogger("api.live").warning("something else")
    count, other = log.lines()
    assert count.endswith("ERROR api.live: it fails: 999 more like it")
    assert other.endswith("something else")
    log.fails(lambda: 1 / 0)
    assert len(log.lines()) == 1


def test_given_errors_of_several_places_then_each_has_its_traceback(log: Log) -> None:
    """Each kind, each place, each room."""
    log.fails(lambda: re.compile("("))
    log.fails([].pop)
    log.fails(lambda: 1 / 0)
    log.fails(lambda: 1 / 0, "uvicorn.error")
    assert len(log.lines()) == 4


def test_given_a_library_that_says_the_same_of_each_stranger_then_it_stands_once(log: Log) -> None:
    """Our own rooms bound what they say themselves."""
    for number in range(5):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
        logging.getLogger("api.live").warning("of station %d", number)
    assert len(log.lines()) == 6


def test_given_a_process_that_ends_then_what_it_counted_is_said(log: Log) -> None:
    """Though no minute has passed."""
    for _ in range(3):
        log.fails(lambda: 1 / 0)
    log.handler.close()
    assert log.lines()[-1].endswith("it fails: 2 more like it")
