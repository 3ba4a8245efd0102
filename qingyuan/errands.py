"""What a person asks of the data: done by the running core, or here where none runs.

An errand yields lines; the last one carries the exit status.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from config.settings import Settings
from config.vocabulary.errors import QingyuanError, Refused
from qingyuan.desk import Desk, opened

Options = Mapping[str, Any]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to be read. One that is ``passing`` gives way to the next; ``status`` ends."""

    text: str = ""
    passing: bool = False
    status: int | None = None


def _replay(desk: Desk, options: Options) -> Iterator[Line]:
    from qingyuan.deadletters import replayed

    return replayed(desk, options)


def _import(desk: Desk, options: Options) -> Iterator[Line]:
    from qingyuan.importing import imported

    return imported(desk, options)


def _export(desk: Desk, options: Options) -> Iterator[Line]:
    from qingyuan.export import exported

    return exported(desk, options)


def _backup(desk: Desk, options: Options) -> Iterator[Line]:
    from qingyuan.backup import backed_up

    return backed_up(desk, options)


def _backtest(desk: Desk, options: Options) -> Iterator[Line]:
    from qingyuan.backtest import on_store

    return on_store(desk, options)


ERRANDS: dict[str, Callable[[Desk, Options], Iterator[Line]]] = {
    "replay": _replay,
    "import": _import,
    "export": _export,
    "backup": _backup,
    "backtest": _backtest,
}


def run(name: str, options: Options, settings: Settings) -> int:
    """Have an errand done and print what it says; its exit status."""
    from qingyuan.control import asked

    lines = asked(settings.data_dir, name, dict(options))
    if lines is not None:
        return _printed(lines)
    if not settings.data_dir.is_dir():
        remedy = "name the centre's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    with opened(settings) as desk:
        return _printed(ERRANDS[name](desk, options))


def _printed(lines: Iterator[Line]) -> int:
    """Passing lines are for a terminal alone, each in the place of the one before."""
    status = 1
    for line in lines:
        if line.passing:
            if sys.stderr.isatty():
                print(f"\r\x1b[K{line.text}", end="", file=sys.stderr, flush=True)
            continue
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        if line.status == 2:
            raise QingyuanError(line.text)
        if line.text:
            print(line.text, flush=True)
        if line.status is not None:
            status = line.status
    return status
