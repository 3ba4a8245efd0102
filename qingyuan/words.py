"""How the commands speak: one line on stderr for what a person can put right."""

from __future__ import annotations

import argparse
from typing import NoReturn

from config.vocabulary.errors import Fault, FaultyInput


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other of ours."""

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(prog=name, description=purpose)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise FaultyInput([Fault(self.prog, message, f"see {self.prog} --help")])
