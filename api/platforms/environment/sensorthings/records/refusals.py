"""Requests that are refused: each names the option, and what to write instead."""

from __future__ import annotations

from api.web.declared import Declared


class BadOption(Declared):
    """A query option that does not hold."""

    status = 400

    def __init__(self, option: str, detail: str) -> None:
        super().__init__(f"{option}: {detail}", option=option)


class NotOffered(Declared):
    """Something that the standard knows and this service does not."""

    status = 501

    def __init__(self, option: str, detail: str) -> None:
        super().__init__(f"{option}: {detail}", option=option)


class UnknownResource(Declared):
    """An address behind which nothing is."""

    status = 404
