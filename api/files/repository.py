"""Files and attachments in the state database, held to the contents in their folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.audit import Actor
from api.files.contents import Contents
from api.files.inspection.clamd import Scan
from api.files.tables import ATTACHMENT, FILE
from api.ports import Reference
from ingest.state.database import State

ROWS_A_SLICE = 500


class ContentGone(Exception):
    """The content of a file is no longer there; it must be sent once more."""


class HiddenUnseen(Exception):
    """Nobody has seen yet what a file hides, so no copy of it goes public."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a scan at an instant; ``virus`` is the name of what was found."""

    scan: Scan
    virus: str = ""
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that was received, checked and kept. ``name`` is the one it goes by, ``sent_as``
    the one it came with where that said another kind; ``hides`` whether anything is hidden in it.
    """

    sha256: str
    size: int
    kind: str
    name: str
    sent_as: str = ""
    hides: bool = False
    verdict: Verdict = Verdict("unscanned")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file at a thing. ``public_ms`` is when a copy was released to the public."""

    id: int
    sha256: str
    size: int
    kind: str
    name: str
    sent_as: str
    title: str
    subject: Reference
    added_by: str
    added_for: str
    added_ms: int
    scan: Scan
    virus: str
    removed_ms: int | None
    hidden_seen_by: str | None
    hidden_seen_ms: int | None
    public_ms: int | None


class Files:
    """Every file of the site."""

    def __init__(self, state: State, contents: Contents) -> None:
        self._state, self._contents = state, contents

    def attach(
        self,
        connection: Connection,
        subject: Reference,
        stored: Stored,
        by: Actor,
        at_ms: int,
        title: str = "",
    ) -> int:
        """Attach a file to a thing; the attachment's id.

        Raises:
            ContentGone: it was swept since it was stored.
        """
        if not self._contents.path(stored.sha256).is_file():
            raise ContentGone(stored.sha256)
        self._note(connection, stored, at_ms)
        values = {
            "sha256": stored.sha256,
            "name": stored.name,
            "sent_as": stored.sent_as,
            "title": title,
            "platform": subject.platform,
            "kind": subject.kind,
            "subject": subject.id,
            "added_by": by.who,
            "added_for": by.on_behalf,
            "added_ms": at_ms,
            "removed_why": "",
        }
        made = connection.execute(sa.insert(ATTACHMENT).values(values))
        (attachment_id,) = made.inserted_primary_key or (0,)
        return int(attachment_id)

    def _note(self, connection: Connection, stored: Stored, at_ms: int) -> None:
        """The row of a content; a scan of before holds on."""
        verdict = _verdict_values(stored.verdict)
        known = sa.select(FILE.c.scan).where(FILE.c.sha256 == stored.sha256)
        row = connection.execute(known).first()
        if row is None:
            values = {"sha256": stored.sha256, "size": stored.size, "kind": stored.kind}
            values |= {"stored_ms": at_ms}
            connection.execute(sa.insert(FILE).values(values | verdict))
            return
        newer = {} if stored.verdict.scan == "unscanned" else verdict
        change = sa.update(FILE).where(FILE.c.sha256 == stored.sha256)
        connection.execute(change.values(newer | {"gone_ms": None}))

    def of_subject(self, connection: Connection, subject: Reference) -> list[Attachment]:
        """All that stand at a thing, in the order in which they came."""
        query = _ATTACHMENTS.where(*_at(subject), ATTACHMENT.c.removed_ms.is_(None))
        return [_attachment(row) for row in connection.execute(query.order_by(ATTACHMENT.c.id))]

    def one(self, connection: Connection, attachment_id: int) -> Attachment | None:
        """One of them, also where it was removed."""
        row = connection.execute(_ATTACHMENTS.where(ATTACHMENT.c.id == attachment_id)).first()
        return _attachment(row) if row else None

    def of_content(self, connection: Connection, sha256: str) -> list[Attachment]:
        """Every attachment of one content."""
        query = _ATTACHMENTS.where(
            ATTACHMENT.c.sha256 == sha256, ATTACHMENT.c.removed_ms.is_(None)
        )
        return [_attachment(row) for row in connection.execute(query.order_by(ATTACHMENT.c.id))]

    def remove(
        self, connection: Connection, attachment_id: int, by: Actor, at_ms: int, why: str
    ) -> bool:
        """Take a file from a thing; the content stays for a while. False where that was done."""
        values = {"removed_by": by.who, "removed_ms": at_ms, "removed_why": why}
        return self._change(connection, attachment_id, ATTACHMENT.c.removed_ms, values)

    def see_hidden(
        self, connection: Connection, attachment_id: int, by: Actor, at_ms: int
    ) -> bool:
        """Somebody has seen what a file hides; the first one counts."""
        values = {"hidden_seen_by": by.who, "hidden_seen_ms": at_ms}
        return self._change(connection, attachment_id, ATTACHMENT.c.hidden_seen_ms, values)

    def release(self, connection: Connection, attachment_id: int, by: Actor, at_ms: int) -> bool:
        """Let a copy go to the public; what it holds anew is a platform's affair.

        Raises:
            HiddenUnseen
        """
        query = sa.select(ATTACHMENT.c.hidden_seen_ms).where(ATTACHMENT.c.id == attachment_id)
        if connection.scalar(query) is None:
            raise HiddenUnseen(str(attachment_id))
        values = {"public_by": by.who, "public_ms": at_ms}
        return self._change(connection, attachment_id, ATTACHMENT.c.public_ms, values)

    def _change(
        self,
        connection: Connection,
        attachment_id: int,
        once: sa.Column[Any],
        values: dict[str, object],
    ) -> bool:
        change = sa.update(ATTACHMENT).where(
            ATTACHMENT.c.id == attachment_id, ATTACHMENT.c.removed_ms.is_(None), once.is_(None)
        )
        return connection.execute(change.values(values)).rowcount == 1

    def unscanned(self, most: int) -> list[str]:
        """Contents that have no verdict; those first that were asked about longest ago."""
        query = sa.select(FILE.c.sha256).order_by(sa.func.coalesce(FILE.c.scanned_ms, 0))
        query = query.where(FILE.c.scan == "unscanned", FILE.c.gone_ms.is_(None))
        with self._state.read() as connection:
            return list(connection.scalars(query.order_by(FILE.c.stored_ms).limit(most)))

    def scanned(self, connection: Connection, sha256: str, verdict: Verdict) -> None:
        """Keep the answer of a scan."""
        change = sa.update(FILE).where(FILE.c.sha256 == sha256)
        connection.execute(change.values(_verdict_values(verdict)))

    def known(self, connection: Connection, hashes: Collection[str]) -> set[str]:
        """Those that a row names, and whose content has not gone."""
        query = sa.select(FILE.c.sha256).where(FILE.c.sha256.in_(hashes), FILE.c.gone_ms.is_(None))
        return set(connection.scalars(query))

    def forgotten(self, before_ms: int, most: int) -> list[str]:
        """Contents that nobody names any more, since an instant."""
        query = sa.select(FILE.c.sha256).where(*_nameless(before_ms)).limit(most)
        with self._state.read() as connection:
            return list(connection.scalars(query))

    def let_go(
        self, connection: Connection, hashes: Sequence[str], before_ms: int, at_ms: int
    ) -> None:
        """Contents of these that still nobody names need not be there any more."""
        change = sa.update(FILE).where(FILE.c.sha256.in_(hashes), *_nameless(before_ms, hashes))
        connection.execute(change.values(gone_ms=at_ms))

    def all(self) -> Iterator[str]:
        """The hash of every content that must be there, few at a time."""
        before = ""
        while True:
            query = sa.select(FILE.c.sha256).order_by(FILE.c.sha256).limit(ROWS_A_SLICE)
            query = query.where(FILE.c.gone_ms.is_(None), FILE.c.sha256 > before)
            with self._state.read() as connection:
                found = list(connection.scalars(query))
            if not found:
                return
            yield from found
            before = found[-1]


_ATTACHMENTS = sa.select(
    ATTACHMENT, FILE.c.size, FILE.c.kind.label("content"), FILE.c.scan, FILE.c.virus
).join(FILE)


def _nameless(
    before_ms: int, among: Sequence[str] | None = None
) -> tuple[sa.ColumnElement[bool], ...]:
    still = sa.select(ATTACHMENT.c.sha256).where(
        sa.or_(ATTACHMENT.c.removed_ms.is_(None), ATTACHMENT.c.removed_ms >= before_ms)
    )
    if among is not None:
        still = still.where(ATTACHMENT.c.sha256.in_(among))
    return (
        FILE.c.gone_ms.is_(None),
        FILE.c.stored_ms < before_ms,
        FILE.c.sha256.not_in(still),
    )


def _at(subject: Reference) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ATTACHMENT.c.platform == subject.platform,
        ATTACHMENT.c.kind == subject.kind,
        ATTACHMENT.c.subject == subject.id,
    )


def _verdict_values(verdict: Verdict) -> dict[str, object]:
    return {"scan": verdict.scan, "virus": verdict.virus, "scanned_ms": verdict.at_ms}


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        row.id,
        row.sha256,
        row.size,
        row.content,
        row.name,
        row.sent_as,
        row.title,
        Reference(row.platform, row.kind, row.subject),
        row.added_by,
        row.added_for,
        row.added_ms,
        row.scan,
        row.virus,
        row.removed_ms,
        row.hidden_seen_by,
        row.hidden_seen_ms,
        row.public_ms,
    )
