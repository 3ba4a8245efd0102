"""A workbook of a stranger is opened in a child process with bounds of memory and time: two cells
in the far corners of a sheet are five kilobytes to send, and hundreds of gigabytes to open.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import threading
from datetime import date
from decimal import Decimal

import msgspec

from config.child_limits import limit_this_process
from config.vocabulary.errors import FaultyInput
from tabular.files import unpacking, workbooks
from tabular.files.indents import indent, trimmed
from tabular.files.marks import Marks
from tabular.files.unpacking import Content
from tabular.files.workbooks import MOST_BYTES, Cell, Sheet

MOST_MEMORY = 3 << 29
MOST_SECONDS = 100
PATIENCE_S = 120.0
MOST_ANSWER = 256 << 20
_TURN = threading.Lock()
"""One workbook is open at a time: more would take memory and turns from alerts."""

_Sent = str | float | int | None
"""A cell on its way: a date is the number of its day, and every other number a float."""


class _Sheet(msgspec.Struct, array_like=True):
    name: str
    rows: tuple[tuple[_Sent, ...], ...]
    hidden: bool
    merged: tuple[tuple[int, int, int, int], ...]
    marks: Marks
    from_1904: bool


class _Answer(msgspec.Struct, array_like=True):
    """The sheets, or what is wrong and its remedy."""

    sheets: tuple[_Sheet, ...] = ()
    what: str = ""
    remedy: str = ""


class _ChildFailed(Exception):
    """A child process died or was ended."""


def opened(content: Content) -> tuple[Sheet, ...]:
    """Every sheet of a workbook, in its order.

    Raises:
        FaultyInput: it cannot be read, is too large, or asks for more memory or time than any
            table does.
    """
    whole = content.whole(MOST_BYTES)
    if not _TURN.acquire(timeout=PATIENCE_S):
        raise unpacking.fault(content.name, "has to wait too long", "send it again in a minute")
    try:
        answer = _answered(whole, content.form)
    except (_ChildFailed, msgspec.DecodeError) as error:
        what = "asks for more memory or time than a table does"
        remedy = "copy the table alone into a new workbook, or send it as csv"
        raise unpacking.fault(content.name, what, remedy) from error
    finally:
        _TURN.release()
    if answer.what:
        raise unpacking.fault(content.name, answer.what, answer.remedy)
    return tuple(
        Sheet(
            of.name,
            tuple(tuple(map(_arrived, row)) for row in of.rows),
            of.hidden,
            of.merged,
            of.marks,
            of.from_1904,
        )
        for of in answer.sheets
    )


def _answered(whole: bytes, form: str) -> _Answer:
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
        asked.write(whole)
        asked.seek(0)
        _run(form, asked.fileno(), answer.fileno())
        answer.seek(0)
        return msgspec.msgpack.decode(answer.read(), type=_Answer)


def _run(form: str, asked: int, answer: int) -> None:
    """The child from its beginning to its end."""
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    actions = [
        (os.POSIX_SPAWN_DUP2, asked, 0),
        (os.POSIX_SPAWN_DUP2, answer, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    command = [sys.executable, "-P", "-m", "tabular.files.apart", form]
    child = os.posix_spawn(sys.executable, command, environment, file_actions=actions)
    ended = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        if not poll.poll(PATIENCE_S * 1000):
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(ended)
        _, status = os.waitpid(child, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise _ChildFailed(f"a child ended with status {code}")


def _arrived(cell: _Sent) -> Cell:
    if isinstance(cell, float):
        return Decimal(f"{cell:.15g}")
    if isinstance(cell, str):
        return trimmed(cell)
    return cell if cell is None else date.fromordinal(cell)


def _sent(cell: Cell) -> _Sent:
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, str):
        return " " * indent(cell) + cell
    return cell if cell is None else cell.toordinal()


def main() -> None:
    """Limit ourselves, open the workbook on the standard input, and answer with its sheets."""
    limit_this_process(memory_bytes=MOST_MEMORY, cpu_s=MOST_SECONDS, written_bytes=MOST_ANSWER)
    try:
        sheets = workbooks.opened(Content("", sys.stdin.buffer.read(), sys.argv[1]))
        answer = _Answer(
            tuple(
                _Sheet(
                    of.name,
                    tuple(tuple(map(_sent, row)) for row in of.rows),
                    of.hidden,
                    of.merged,
                    of.marks,
                    of.from_1904,
                )
                for of in sheets
            )
        )
    except FaultyInput as refused:
        answer = _Answer((), refused.faults[0].what, refused.faults[0].remedy)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
