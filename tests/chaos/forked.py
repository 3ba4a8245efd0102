"""Programs of these tests: each is a process of its own, which may be killed, and begins as the
fork of one that has imported everything; to import the centre takes seconds.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    [f"tests.chaos.{program}" for program in ("burst", "field", "running")]
)


def started(main: Callable[..., None], arguments: tuple[str, ...], log: Path) -> BaseProcess:
    """The program in a new process, whose output is added to a file."""
    process = FORKING.Process(target=_run, args=(main, arguments, log), daemon=True)
    process.start()
    return process


def _run(main: Callable[..., None], arguments: tuple[str, ...], log: Path) -> None:
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    main(*arguments)
