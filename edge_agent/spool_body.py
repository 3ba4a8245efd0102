"""A sample as a row of the spool keeps it: packed, as small as it goes. Pure."""

from __future__ import annotations

import msgspec

from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool_file import Damaged


class _Body(msgspec.Struct, array_like=True):
    clock: Clock
    readings: dict[str, tuple[float | None, Cause]]


def encode(sample: Sample) -> bytes:
    """All of it but the instant, which has a column of its own."""
    readings = {code: (value, cause) for code, (value, cause) in sample.readings.items()}
    return msgspec.msgpack.encode(_Body(sample.clock, readings))


def decode(taken_ms: int, body: bytes) -> Sample:
    """The sample of an instant.

    Raises:
        Damaged: the bytes are not what was written.
    """
    try:
        found = msgspec.msgpack.decode(body, type=_Body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged(f"a sample does not decode ({error})") from error
    readings = {code: Measured(value, cause) for code, (value, cause) in found.readings.items()}
    return Sample(taken_ms, found.clock, readings)
