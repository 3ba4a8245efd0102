"""Heads of the chain that lie in the core's data directory, where a hand in the database does not
reach: the newest, and the one up to which people have accepted what they found.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from api import audit
from api.audit_chain.links import Head, last
from config.files import write_whole

KEPT, ACCEPTED = "audit.head", "audit.accepted"
ACTION = "audit.accept"


def kept(folder: Path) -> Head | None:
    """The newest that the sequencer has chained; None where it kept none."""
    return _read(folder / KEPT)


def accepted(folder: Path) -> Head | None:
    """The one behind which a check begins; None: before the first row."""
    return _read(folder / ACCEPTED)


def keep(folder: Path, head: Head) -> None:
    """In place of the one before."""
    write_whole(folder / KEPT, msgspec.json.encode(head))


def accept(connection: Connection, folder: Path, *, fault: str, why: str, at_ms: int) -> Head:
    """Take all that is chained as it is now; a row says so. Where the caller's transaction fails
    afterwards, what was accepted is still there.
    """
    head = last(connection)
    detail = json.dumps({"fault": fault, "why": why}, ensure_ascii=False)
    audit.record(
        connection,
        by=audit.OPERATOR,
        action=ACTION,
        subject=str(head.position),
        detail=detail,
        at_ms=at_ms,
    )
    keep(folder, head)
    write_whole(folder / ACCEPTED, msgspec.json.encode(head))
    return head


def _read(file: Path) -> Head | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Head)
    except FileNotFoundError:
        return None
