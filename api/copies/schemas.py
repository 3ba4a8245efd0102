"""Kept copies over the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.copies.records import Shown


class CopyState(BaseModel):
    """An item as it was when it was kept at ``at_ms``: ``frozen`` is the canonical
    JSON whose SHA-256 is ``hash``. ``gone``: there is no such item for the caller by now;
    ``differs``: it says something else, or is gone.
    """

    platform: str
    kind: str
    id: str
    title: str
    at_ms: int
    hash: str
    frozen: str
    content: dict[str, Any]
    gone: bool
    differs: bool


def copy_state(of: Shown) -> CopyState:
    """A copy as the API gives it."""
    kept, copy = of.kept, of.copy
    reference = kept.frozen.reference
    return CopyState(
        platform=reference.platform,
        kind=reference.kind,
        id=reference.id,
        title=copy.title,
        at_ms=kept.at_ms,
        hash=kept.frozen.hash,
        frozen=kept.frozen.body.decode(),
        content=dict(copy.content),
        gone=copy.now is None,
        differs=copy.differs,
    )
