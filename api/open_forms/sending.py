"""A form that anybody may send: its fields, its key, and how often an address may ask or send."""

from __future__ import annotations

import math
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Depends, Request

from api.accounts.limits import Admission, Client, FailureMeter
from api.bodies import form_of
from api.web.declared import Declared
from config.vocabulary.time import MINUTE_MS

TRAP = "website"
"""A field that nobody sees: whoever fills it in is a program."""
MOST_OF_ADDRESS, ADDRESS_SPAN_MS = 30, 10 * MINUTE_MS
"""Forms of one address, behind which a whole village may sit."""
MOST_ASKED = 240
"""Requests of one address in a minute; a whole office may sit behind it."""


async def _fields(request: Request) -> AsyncIterator[Mapping[str, str]]:
    async with form_of(request) as form:
        yield {name: of.replace("\r\n", "\n") for name, of in form.items() if isinstance(of, str)}


Fields = Annotated[Mapping[str, str], Depends(_fields)]


class TooMany(Declared):
    """An address asks or sends too often."""

    status = 429

    def __init__(self, wait_ms: int) -> None:
        wait_s = math.ceil(wait_ms / 1000)
        super().__init__(f"too many requests from this address; wait {wait_s} s")
        self.headers = {"Retry-After": str(wait_s)}


class Visits(Admission):
    """A process's memory of how often each address asks for public pages."""

    def __init__(self) -> None:
        super().__init__(MOST_ASKED, MINUTE_MS)


class FormMeter(FailureMeter):
    """How many forms came from each address of late, in the memory of a process."""

    def __init__(self) -> None:
        super().__init__(MOST_OF_ADDRESS, ADDRESS_SPAN_MS)


def address_of(request: Request) -> str:
    """Of whoever asks, as it is counted."""
    return Client.of(request.client.host if request.client else None, "").address


def form_key(said: str) -> str:
    """The key of a form, by which it is known when it is sent twice; one that is none of ours
    makes a form of its own.
    """
    try:
        return str(uuid.UUID(said))
    except ValueError:
        return new_key()


def new_key() -> str:
    """The key of a form that nobody has sent yet."""
    return str(uuid.uuid4())
