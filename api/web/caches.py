"""What a process remembers between requests; each platform says of what kinds."""

from __future__ import annotations

from typing import TypeVar, cast

from fastapi import Request

Kind = TypeVar("Kind")


def cache(request: Request, kind: type[Kind]) -> Kind:
    """The one object of a kind that a platform's manifest lists."""
    return cast(Kind, request.app.state.caches[kind])
