"""The log of a process that runs on."""

from __future__ import annotations

import logging
import re
import subprocess
import sys

import pytest

from qingyuan.logs import Line


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
