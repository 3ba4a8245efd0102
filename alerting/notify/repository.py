"""Where the outbox, messages to readers and their deliveries are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import Level
from alerting.notify.entries import Entry, Telling, read, written
from alerting.notify.routing import TOLD, Decision, Known
from alerting.notify.wishes import Wishes
from alerting.tables import DELIVERY, MESSAGE, OUTBOX, TELLING, WISHES
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.state.database import State as Database

DeliveryState = Literal[
    "waiting", "sent", "delivered", "opened", "failed", "given-up", "superseded"
]
"""``superseded``: the reader was told over another channel before this one worked."""
SENT = ("sent", "delivered", "opened")
PATIENCE_MS = DAY_MS
"""So long a message is tried."""
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class Message:
    """One entry or several that a reader is told at once."""

    id: str
    reader: str
    kind: str
    level: Level
    created_ms: int
    entries: tuple[Entry, ...]
    read_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way over a channel. ``rank`` is that of the channel in the reader's order,
    ``why`` the provider's words where it failed.
    """

    message_id: str
    channel: str
    rank: int
    state: DeliveryState
    attempts: int
    created_ms: int
    next_ms: int | None
    settled_ms: int | None
    why: str = ""
    provider_id: str = ""


_LISTED = MESSAGE.c.kind != "code"
"""A code that confirms an address is on its way, and nothing to be read again."""


class Messages:
    """The outbox and what came of it, in the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def post(self, connection: Connection, entry: Entry, routed_ms: int | None = None) -> bool:
        """Put an entry into the outbox; False where one of its key is there already."""
        known = sa.select(OUTBOX.c.key).where(OUTBOX.c.key == entry.key)
        if connection.execute(known).first():
            return False
        values = {
            "key": entry.key,
            "kind": entry.kind,
            "event_id": entry.event,
            "reader": entry.reader,
            "level": int(entry.level),
            "data": written(entry),
            "at_ms": entry.at_ms,
            "routed_ms": routed_ms,
        }
        connection.execute(sa.insert(OUTBOX).values(values))
        return True

    def unrouted(self, connection: Connection, most: int = 100) -> list[Entry]:
        """Entries of which nobody has found out yet who shall hear them, the oldest first."""
        query = sa.select(OUTBOX).where(OUTBOX.c.routed_ms.is_(None))
        query = query.order_by(OUTBOX.c.at_ms, OUTBOX.c.key).limit(most)
        return [read(row) for row in connection.execute(query)]

    def route(
        self,
        connection: Connection,
        entry: Entry,
        decisions: Mapping[str, Decision],
        now_ms: int,
    ) -> None:
        """Write what was decided of an entry, by reader."""
        changed = sa.update(OUTBOX).where(OUTBOX.c.key == entry.key)
        connection.execute(changed.values(routed_ms=now_ms))
        rows = [
            {
                "entry": entry.key,
                "reader": reader,
                "state": of.outcome if of.outcome != "told" else "held",
                "why": str(of.why or ""),
                "due_ms": now_ms if of.outcome == "told" else of.due_ms,
                "message_id": None,
            }
            for reader, of in decisions.items()
        ]
        if rows:
            connection.execute(sa.insert(TELLING), rows)

    def known(
        self, connection: Connection, event: str | None, now_ms: int, day_ms: int
    ) -> dict[str, Known]:
        """The knowledge of readers, by reader; ``day_ms`` is when the day began."""
        heard: set[str] = set()
        if event is not None:
            both = sa.join(TELLING, OUTBOX, TELLING.c.entry == OUTBOX.c.key)
            query = sa.select(TELLING.c.reader).distinct().select_from(both)
            query = query.where(OUTBOX.c.event_id == event, TELLING.c.state != "muted")
            heard = set(connection.execute(query).scalars())
        lately: dict[str, list[int]] = {}
        query = sa.select(MESSAGE.c.reader, MESSAGE.c.created_ms)
        query = query.where(MESSAGE.c.created_ms > now_ms - HOUR_MS, _LISTED)
        for row in connection.execute(query):
            lately.setdefault(row.reader, []).append(row.created_ms)
        counted = sa.select(MESSAGE.c.reader, sa.func.count()).group_by(MESSAGE.c.reader)
        further = counted.where(MESSAGE.c.kind == "further", MESSAGE.c.created_ms >= day_ms)
        today: dict[str, int] = dict(connection.execute(further).all())
        return {
            reader: Known(reader in heard, tuple(lately.get(reader, ())), today.get(reader, 0))
            for reader in heard | lately.keys() | today.keys()
        }

    def hand(self, connection: Connection, entry: Entry, channel: str, now_ms: int) -> Message:
        """Send an entry to its one reader over one channel and no other, whatever the hour."""
        reader = entry.reader or ""
        self.post(connection, entry, now_ms)
        self.route(connection, entry, {reader: TOLD}, now_ms)
        return self.bundle(connection, reader, entry.kind, [entry], [channel], now_ms)

    def due(self, connection: Connection, now_ms: int) -> dict[str, list[tuple[Entry, str]]]:
        """Held entries that readers are to be told now, each with why it was held, the oldest
        first.
        """
        both = sa.join(TELLING, OUTBOX, TELLING.c.entry == OUTBOX.c.key)
        query = sa.select(TELLING.c.reader.label("told"), TELLING.c.why, OUTBOX).select_from(both)
        query = query.where(TELLING.c.due_ms <= now_ms).order_by(OUTBOX.c.at_ms, OUTBOX.c.key)
        found: dict[str, list[tuple[Entry, str]]] = {}
        for row in connection.execute(query):
            found.setdefault(row.told, []).append((read(row), row.why))
        return found

    def held(self, connection: Connection, reader: str, event: str) -> list[Entry]:
        """Entries of an event that a reader is still to be told."""
        both = sa.join(TELLING, OUTBOX, TELLING.c.entry == OUTBOX.c.key)
        query = sa.select(OUTBOX).select_from(both).where(TELLING.c.reader == reader)
        query = query.where(TELLING.c.state == "held", OUTBOX.c.event_id == event)
        return [read(row) for row in connection.execute(query)]

    def bundle(
        self,
        connection: Connection,
        reader: str,
        kind: str,
        entries: Sequence[Entry],
        channels: Sequence[str],
        now_ms: int,
    ) -> Message:
        """Make one message out of a reader's entries, on its way over the first channel."""
        keys = sorted(entry.key for entry in entries)
        name = hashlib.sha256("|".join((reader, kind, *keys)).encode()).hexdigest()[:32]
        level = max(entry.level for entry in entries)
        message = Message(name, reader, kind, level, now_ms, tuple(entries))
        row = {"id": name, "reader": reader, "kind": kind, "level": int(level)}
        connection.execute(sa.insert(MESSAGE).values(**row, created_ms=now_ms))
        changed = sa.update(TELLING).where(TELLING.c.reader == reader, TELLING.c.entry.in_(keys))
        connection.execute(changed.values(state="told", due_ms=None, message_id=name))
        if channels:
            self.begin_delivery(connection, name, channels[0], 0, now_ms)
        return message

    def begin_delivery(
        self, connection: Connection, message_id: str, channel: str, rank: int, now_ms: int
    ) -> None:
        """Send a message over a channel as well."""
        row = Delivery(message_id, channel, rank, "waiting", 0, now_ms, now_ms, None)
        connection.execute(sa.insert(DELIVERY).values(asdict(row)))

    def sendable(
        self, channel: str, now_ms: int, most: int = 20
    ) -> list[tuple[Delivery, Message]]:
        """Deliveries of a channel that are to be tried now: graver ones first, then the oldest."""
        both = sa.join(DELIVERY, MESSAGE, DELIVERY.c.message_id == MESSAGE.c.id)
        query = sa.select(DELIVERY).select_from(both)
        query = query.where(DELIVERY.c.channel == channel, DELIVERY.c.next_ms <= now_ms)
        query = query.order_by(
            MESSAGE.c.level.desc(), DELIVERY.c.created_ms, DELIVERY.c.message_id
        )
        with self.database.read() as connection:
            rows = [_delivery(row) for row in connection.execute(query.limit(most))]
            messages = self.messages(connection, [row.message_id for row in rows])
        return [(row, messages[row.message_id]) for row in rows]

    def settle(self, connection: Connection, delivery: Delivery) -> None:
        """Write how a delivery stands; once it is sent, those of the same message that still wait
        are not sent any more.
        """
        own = sa.and_(
            DELIVERY.c.message_id == delivery.message_id, DELIVERY.c.channel == delivery.channel
        )
        values = asdict(delivery) | {"why": delivery.why[:LONGEST_WHY]}
        changed = sa.update(DELIVERY).where(own)
        if delivery.state == "waiting":  # meanwhile another channel may have taken the message
            changed = changed.where(DELIVERY.c.state == "waiting")
        connection.execute(changed.values(values))
        if delivery.state in SENT:
            others = sa.and_(
                DELIVERY.c.message_id == delivery.message_id, DELIVERY.c.state == "waiting"
            )
            ended = {"state": "superseded", "next_ms": None, "settled_ms": delivery.settled_ms}
            connection.execute(sa.update(DELIVERY).where(others).values(ended))

    def unconfirmed(self, channel: str, now_ms: int) -> list[tuple[Delivery, str]]:
        """Deliveries of a channel within a day that its provider took and no device has yet, each
        with the reader.
        """
        both = sa.join(DELIVERY, MESSAGE, DELIVERY.c.message_id == MESSAGE.c.id)
        query = sa.select(MESSAGE.c.reader, DELIVERY).select_from(both)
        query = query.where(
            DELIVERY.c.channel == channel,
            DELIVERY.c.state == "sent",
            DELIVERY.c.provider_id != "",
            DELIVERY.c.created_ms > now_ms - PATIENCE_MS,
        )
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(DELIVERY.c.created_ms).limit(50))
            return [(_delivery(row), row.reader) for row in rows]

    def stuck(self, connection: Connection, now_ms: int, wait_ms: int) -> list[Delivery]:
        """The last deliveries of messages that nobody has taken for so long, or that failed, and
        which no other channel was tried after.
        """
        later = DELIVERY.alias()
        last = sa.select(sa.func.max(later.c.rank)).where(
            later.c.message_id == DELIVERY.c.message_id
        )
        sent = sa.select(later.c.message_id).where(
            later.c.message_id == DELIVERY.c.message_id, later.c.state.in_(SENT)
        )
        listed = sa.select(MESSAGE.c.id).where(MESSAGE.c.id == DELIVERY.c.message_id, _LISTED)
        waits = sa.and_(
            DELIVERY.c.state == "waiting",
            sa.or_(DELIVERY.c.attempts > 0, DELIVERY.c.created_ms <= now_ms - wait_ms),
        )
        query = sa.select(DELIVERY).where(
            DELIVERY.c.created_ms > now_ms - PATIENCE_MS,
            sa.or_(waits, DELIVERY.c.state == "failed"),
            DELIVERY.c.rank == last.scalar_subquery(),
            sa.not_(sent.exists()),
            listed.exists(),
        )
        return [_delivery(row) for row in connection.execute(query.limit(200))]

    def messages(self, connection: Connection, ids: Iterable[str]) -> dict[str, Message]:
        """Messages with their entries, by id."""
        wanted = list(ids)
        both = sa.join(TELLING, OUTBOX, TELLING.c.entry == OUTBOX.c.key)
        query = sa.select(TELLING.c.message_id, OUTBOX).select_from(both)
        query = query.where(TELLING.c.message_id.in_(wanted))
        entries: dict[str, list[Entry]] = {}
        for row in connection.execute(query.order_by(OUTBOX.c.at_ms, OUTBOX.c.key)):
            entries.setdefault(row.message_id, []).append(read(row))
        rows = connection.execute(sa.select(MESSAGE).where(MESSAGE.c.id.in_(wanted)))
        return {row.id: _message(row, entries.get(row.id, ())) for row in rows}

    def of_reader(self, reader: str, *, first: int = 0, most: int = 50) -> list[Message]:
        """A reader's messages, the newest first."""
        query = sa.select(MESSAGE.c.id).where(MESSAGE.c.reader == reader, _LISTED)
        query = query.order_by(MESSAGE.c.created_ms.desc(), MESSAGE.c.id)
        with self.database.read() as connection:
            ids = list(connection.execute(query.offset(first).limit(most)).scalars())
            found = self.messages(connection, ids)
        return [found[name] for name in ids]

    def unread(self, reader: str) -> int:
        """How many messages a reader has not opened."""
        query = sa.select(sa.func.count()).select_from(MESSAGE)
        query = query.where(MESSAGE.c.reader == reader, MESSAGE.c.read_ms.is_(None), _LISTED)
        with self.database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def opened(self, connection: Connection, message_ids: Sequence[str], now_ms: int) -> None:
        """Note that a reader has opened messages; of what was sent it shows."""
        unread = sa.and_(MESSAGE.c.id.in_(message_ids), MESSAGE.c.read_ms.is_(None))
        connection.execute(sa.update(MESSAGE).where(unread).values(read_ms=now_ms))
        sent = sa.and_(
            DELIVERY.c.message_id.in_(message_ids), DELIVERY.c.state.in_(("sent", "delivered"))
        )
        connection.execute(sa.update(DELIVERY).where(sent).values(state="opened"))

    def of_event(self, connection: Connection, event: str) -> list[tuple[Entry, list[Telling]]]:
        """Everything told of an event, the oldest first, and to whom."""
        query = sa.select(OUTBOX).where(OUTBOX.c.event_id == event)
        rows = connection.execute(query.order_by(OUTBOX.c.at_ms, OUTBOX.c.key)).all()
        tellings: dict[str, list[Telling]] = {}
        query = sa.select(TELLING).where(TELLING.c.entry.in_([row.key for row in rows]))
        for row in connection.execute(query.order_by(TELLING.c.reader)):
            tellings.setdefault(row.entry, []).append(Telling(*row))
        return [(read(row), tellings.get(row.key, [])) for row in rows]

    def deliveries(
        self, connection: Connection, message_ids: Iterable[str]
    ) -> dict[str, list[Delivery]]:
        """Deliveries of messages, in the order of channels."""
        found: dict[str, list[Delivery]] = {}
        query = sa.select(DELIVERY).where(DELIVERY.c.message_id.in_(list(message_ids)))
        for row in connection.execute(query.order_by(DELIVERY.c.rank)):
            found.setdefault(row.message_id, []).append(_delivery(row))
        return found

    def every(self, connection: Connection) -> list[tuple[Message, Delivery]]:
        """All deliveries with their messages, the oldest first."""
        query = sa.select(DELIVERY).order_by(DELIVERY.c.created_ms, DELIVERY.c.message_id)
        rows = [_delivery(row) for row in connection.execute(query)]
        messages = self.messages(connection, {row.message_id for row in rows})
        return [(messages[row.message_id], row) for row in rows]

    def waiting(self) -> tuple[int, int | None]:
        """How many deliveries wait, and since when the oldest does."""
        query = sa.select(sa.func.count(), sa.func.min(DELIVERY.c.created_ms))
        query = query.where(DELIVERY.c.state == "waiting")
        with self.database.read() as connection:
            n, since_ms = connection.execute(query).one()
        return int(n), since_ms

    def purge(self, connection: Connection, before_ms: int, most: int = 500) -> int:
        """Remove old messages and what belongs to them, so many at once; how many went."""
        query = sa.select(MESSAGE.c.id).where(MESSAGE.c.created_ms < before_ms).limit(most)
        ids = list(connection.execute(query).scalars())
        if ids:
            connection.execute(sa.delete(DELIVERY).where(DELIVERY.c.message_id.in_(ids)))
            connection.execute(sa.delete(TELLING).where(TELLING.c.message_id.in_(ids)))
            connection.execute(sa.delete(MESSAGE).where(MESSAGE.c.id.in_(ids)))
        muted = sa.select(OUTBOX.c.key).where(
            OUTBOX.c.at_ms < before_ms,
            sa.not_(
                sa.exists().where(
                    TELLING.c.entry == OUTBOX.c.key, TELLING.c.message_id.is_not(None)
                )
            ),
        )
        keys = list(connection.execute(muted.limit(most)).scalars())
        if keys:
            connection.execute(sa.delete(TELLING).where(TELLING.c.entry.in_(keys)))
            connection.execute(sa.delete(OUTBOX).where(OUTBOX.c.key.in_(keys)))
        return len(ids) + len(keys)

    def wishes(self, connection: Connection) -> dict[str, Wishes]:
        """Everybody's wishes, by username; of those who have any."""
        return {
            row.username: msgspec.json.decode(row.document, type=Wishes)
            for row in connection.execute(sa.select(WISHES))
        }

    def wishes_of(self, username: str) -> Wishes:
        """Somebody's wishes; as the role has it where there are none."""
        query = sa.select(WISHES.c.document).where(WISHES.c.username == username)
        with self.database.read() as connection:
            found = connection.execute(query).scalar()
        return msgspec.json.decode(found, type=Wishes) if found else Wishes()

    def save_wishes(
        self, connection: Connection, username: str, wishes: Wishes, now_ms: int
    ) -> None:
        """Write somebody's wishes."""
        values = {"document": msgspec.json.encode(wishes).decode(), "saved_ms": now_ms}
        own = WISHES.c.username == username
        if not connection.execute(sa.update(WISHES).where(own).values(values)).rowcount:
            connection.execute(sa.insert(WISHES).values(username=username, **values))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{column.key: row._mapping[column] for column in DELIVERY.c})


def _message(row: Row[Any], entries: Sequence[Entry]) -> Message:
    return Message(
        row.id, row.reader, row.kind, Level(row.level), row.created_ms, tuple(entries), row.read_ms
    )
