"""How the commands are spoken to, and how they speak: one line on stderr for what a person can
put right.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace

from config import settings as configuration
from config.settings import Settings
from config.vocabulary.errors import Fault, FaultyInput, Refused


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other of ours."""

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(prog=name, description=purpose)

    def error(self, message: str) -> NoReturn:
        """Do not print the usage.

        Raises:
            FaultyInput: always.
        """
        raise FaultyInput([Fault(self.prog, message, f"see {self.prog} --help")])


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options by which a command finds the centre's settings and data."""
    parser.add_argument("--settings", type=Path, help="a TOML file; see config/settings.py")
    parser.add_argument("--data", type=Path, help="the centre's data directory")


def configured(given: argparse.Namespace) -> Settings:
    """Settings of file, environment and options; an option wins.

    Raises:
        FaultyInput: a value does not hold.
    """
    settings = configuration.load(given.settings, os.environ)
    changes = {"data_dir": given.data, "http_port": getattr(given, "port", None)}
    return replace(settings, **{k: value for k, value in changes.items() if value is not None})


@contextmanager
def answering() -> Iterator[None]:
    """Print to whoever reads, who may stop reading.

    Raises:
        Refused: the output cannot be written.
    """
    try:
        yield
        print(end="", flush=True)
    except BrokenPipeError:  # whoever reads has seen enough; Python would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise Refused("the output", what, "send it where there is room") from error


def until_stopped() -> threading.Event:
    """Set by SIGINT and SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
