"""Errors that say themselves how they are answered."""

from __future__ import annotations

from typing import ClassVar

from starlette.exceptions import HTTPException

from config.catalogue.words import Words


class Declared(HTTPException):
    """A class of these has the ``status`` of the answer and a key of ``words`` for people;
    programs read ``detail`` and the fields of ``more``.
    """

    status: ClassVar[int]
    words: ClassVar[str] = "error.unreadable"

    def __init__(self, detail: str, **more: object) -> None:
        super().__init__(self.status, detail)
        self.more = more

    def said(self, words: Words) -> str:
        """What a person reads."""
        return words(self.words)


class SomebodyWasFirst(Declared):
    """What was asked for was done before; ``more`` says by whom."""

    status = 409
