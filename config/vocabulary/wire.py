"""Samples to bytes and back, and the topics they travel on; version 1.

Everything lives below ``qy/v1/{site}/{station}/``. The station is the topic's, never the
payload's: the broker's access list binds a user to its own topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from typing import Annotated, Protocol, TypeVar

import msgspec
from msgspec import Meta

from config.vocabulary.bounds import Boot, Code, Count, Instant, PerCode, PerRow, Seq, Unit, cut
from config.vocabulary.errors import QingyuanError
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.refusals import Details, Reason

VERSION = 1
HISTORY_BYTES = 16 * 1024
ACK_RANGES = 64
ACK_INTERVAL_MS = 1000
"""The centre acknowledges what comes of one boot once in it."""
LIVE_UNDER_WAY, BACKLOG_UNDER_WAY = 200, 1000
"""Samples that an uplink sends at most before it hears that they are settled."""
SAMPLE_BYTES = 4096
"""Of a body, for one sample: 200 indicators with value and cause."""

Range = tuple[Seq, Seq]
"""First and last seq, both included."""


class Malformed(QingyuanError):
    """A message that cannot be read; ``details`` are kept with the dead letter."""

    def __init__(self, details: Details) -> None:
        self.details = details
        super().__init__(str(details))


def malformed(reason: Reason, fault: str = "") -> Malformed:
    """For this reason, with the fault in the program's own words."""
    return Malformed(Details(reason, fault=cut(fault)))


class Live(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of one sample: ``o`` oldest seq of this boot still spooled, ``q`` ms sent.

    ``u`` may name units of indicators, by code; one that is not the indicator's own is refused.
    """

    v: Count
    o: Seq
    t: Instant
    q: Instant
    k: Clock
    r: Annotated[dict[Code, tuple[float | None, Cause]], PerCode]
    u: Annotated[dict[Code, Unit], PerCode] = {}


class History(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of backlog, in columns. A cause of None means: not part of that sample."""

    v: Count
    o: Seq
    q: Instant
    s: Annotated[list[Seq], PerRow]
    t: Annotated[list[Instant], PerRow]
    k: Annotated[list[Clock], PerRow]
    r: Annotated[
        dict[
            Code,
            tuple[Annotated[list[float | None], PerRow], Annotated[list[Cause | None], PerRow]],
        ],
        PerCode,
    ]
    u: Annotated[dict[Code, Unit], PerCode] = {}


class Ack(msgspec.Struct, frozen=True):
    """The settled seqs of one boot: at most ``ACK_RANGES`` ranges, the newest first."""

    v: Count
    b: Boot
    ranges: Annotated[list[Range], Meta(max_length=ACK_RANGES)]


class LiveReading(msgspec.Struct, frozen=True):
    """One checked reading as browsers hear it."""

    t: int
    value: float | None
    quality: int
    cause: int


_NOT_THERE = (None, None)


def _plain(sample: Sample) -> dict[str, tuple[float | None, Cause]]:
    return {code: (value, cause) for code, (value, cause) in sample.readings.items()}


def encode_live(sample: Sample, *, oldest: int, sent_ms: int) -> bytes:
    """One sample as its message body."""
    body = Live(VERSION, oldest, sample.taken_ms, sent_ms, sample.clock, _plain(sample))
    return msgspec.json.encode(body)


def encode_history(rows: Sequence[Numbered], *, oldest: int, sent_ms: int) -> bytes:
    """Backlog of one boot as its message body; the caller bounds the number of rows."""
    samples = [row.sample.readings for row in rows]
    columns: dict[str, tuple[list[float | None], list[Cause | None]]] = {}
    for code in dict.fromkeys(chain.from_iterable(samples)):
        values, causes = zip(
            *[readings.get(code, _NOT_THERE) for readings in samples], strict=True
        )
        columns[code] = (list(values), list(causes))
    body = History(
        v=VERSION,
        o=oldest,
        q=sent_ms,
        s=[row.seq for row in rows],
        t=[row.sample.taken_ms for row in rows],
        k=[row.sample.clock for row in rows],
        r=columns,
    )
    return msgspec.json.encode(body)


class _Versioned(msgspec.Struct):
    v: Count = 0


class Body(Protocol):
    """The shape of a message's body, which tells its version."""

    @property
    def v(self) -> int:
        """Version of the wire."""


_Body = TypeVar("_Body", bound=Body)


def decoded(payload: bytes, shape: type[_Body]) -> _Body:
    """A message's body in its shape.

    Raises:
        Malformed: not JSON, not the shape, or another version.
    """
    try:
        body = msgspec.json.decode(payload, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            _check_version(msgspec.json.decode(payload, type=_Versioned).v)
        raise malformed(Reason.UNREADABLE, str(error)) from error
    _check_version(body.v)
    return body


def _check_version(version: int) -> None:
    if version != VERSION:
        raise Malformed(Details(Reason.WIRE_VERSION, version=version))


def decode_live(payload: bytes) -> Live:
    """Body of a live sample.

    Raises:
        Malformed: not JSON, not the shape, or another version.
    """
    return decoded(payload, Live)


def decode_history(payload: bytes) -> History:
    """Body of a backlog batch; all its columns have one length.

    Raises:
        Malformed: not JSON, not the shape, another version, or columns of unlike length.
    """
    body = decoded(payload, History)
    lengths = {len(body.s), len(body.t), len(body.k)}
    lengths.update(len(column) for pair in body.r.values() for column in pair)
    if len(lengths) != 1:
        raise malformed(Reason.UNREADABLE, "columns of a history batch differ in length")
    return body


def samples_of(body: History, boot: str) -> list[Numbered]:
    """The rows of a backlog batch, as they were numbered."""
    rows = []
    for i, seq in enumerate(body.s):
        readings = {
            code: Measured(values[i], cause)
            for code, (values, causes) in body.r.items()
            if (cause := causes[i]) is not None
        }
        rows.append(Numbered(boot, seq, Sample(body.t[i], body.k[i], readings)))
    return rows
