"""A file over the API as programs read it."""

from __future__ import annotations

from pydantic import BaseModel

from api.files.repository import Attachment


class FileState(BaseModel):
    """An attachment. ``sha256`` is that of the content as it is kept; ``served`` whether it is
    handed out; ``scan`` is clean, infected or unscanned.
    """

    id: int
    name: str
    title: str
    kind: str
    size: int
    sha256: str
    platform: str
    subject_kind: str
    subject: str
    added_by: str
    added_ms: int
    scan: str
    served: bool


def file_state(of: Attachment, *, served: bool) -> FileState:
    """An attachment as the API tells it."""
    return FileState(
        id=of.id,
        name=of.name,
        title=of.title,
        kind=of.kind,
        size=of.size,
        sha256=of.sha256,
        platform=of.subject.platform,
        subject_kind=of.subject.kind,
        subject=of.subject.id,
        added_by=of.added_by,
        added_ms=of.added_ms,
        scan=of.scan,
        served=served,
    )
