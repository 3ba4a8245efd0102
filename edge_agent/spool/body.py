"""A sample as a row of the spool keeps it: packed, as small as it goes, with a check sum. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import msgspec

from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.file import Damaged

SUM_BYTES = 4


class _Body(msgspec.Struct, array_like=True):
    clock: Clock
    readings: Mapping[str, Measured]
    up_ms: int | None = None


_DECODER = msgspec.msgpack.Decoder(_Body)


def encode(owner: str, seq: int, sample: Sample, up_ms: int | None = None) -> bytes:
    """All of it but the instant. The columns beside count into the check sum: whose row it is, the
    boot's or the source's, its seq (0 where it has none) and the instant. ``up_ms`` is how long
    the machine ran when it was taken, where it was the machine that dated it.
    """
    packed = msgspec.msgpack.encode(_Body(sample.clock, sample.readings, up_ms))
    return _check_sum(owner, seq, sample.taken_ms, packed) + packed


def decode(owner: str, seq: int, taken_ms: int, body: bytes) -> Sample:
    """The sample of a row.

    Raises:
        Damaged: it is not what was written.
    """
    return decode_dated(owner, seq, taken_ms, body)[0]


def decode_dated(owner: str, seq: int, taken_ms: int, body: bytes) -> tuple[Sample, int | None]:
    """The sample of a row, and how long the machine ran when it dated it; None where its instant
    came from elsewhere.

    Raises:
        Damaged: it is not what was written.
    """
    packed = body[SUM_BYTES:]
    if body[:SUM_BYTES] != _check_sum(owner, seq, taken_ms, packed):
        raise Damaged("a sample has another check sum")
    found = _DECODER.decode(packed)
    return Sample(taken_ms, found.clock, found.readings), found.up_ms


def _check_sum(owner: str, seq: int, taken_ms: int, packed: bytes) -> bytes:
    """CRC-32 of all."""
    columns = zlib.crc32(f"{owner} {seq} {taken_ms}".encode())
    return zlib.crc32(packed, columns).to_bytes(SUM_BYTES, "big")
