"""The form of an opinion as it is sent, by a voter or by the office."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Depends, Request

from api.platforms.duty.opinions.records import Identity, Written


async def _fields(request: Request) -> AsyncIterator[Mapping[str, str]]:
    async with request.form() as form:
        yield {name: of.replace("\r\n", "\n") for name, of in form.items() if isinstance(of, str)}


Fields = Annotated[Mapping[str, str], Depends(_fields)]


def written(fields: Mapping[str, str]) -> Written:
    """An opinion with who wrote it; a key that is none of ours makes a form of its own."""
    identity = Identity(
        fields.get("name", "").strip(),
        fields.get("phone", "").strip(),
        for_office=fields.get("for_office") == "yes",
    )
    try:
        key = str(uuid.UUID(fields.get("key", "")))
    except ValueError:
        key = new_key()
    return Written(fields, identity, key)


def new_key() -> str:
    """The key of a form that nobody has sent yet."""
    return str(uuid.uuid4())
