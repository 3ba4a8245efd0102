"""A sample as a row of the spool keeps it: packed, as small as it goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool_file import Damaged


class _Body(msgspec.Struct, array_like=True):
    clock: Clock
    readings: Mapping[str, Measured]


_DECODER = msgspec.msgpack.Decoder(_Body)


def encode(sample: Sample) -> bytes:
    """All of it but the instant, which has a column of its own."""
    return msgspec.msgpack.encode(_Body(sample.clock, sample.readings))


def decode(taken_ms: int, body: bytes) -> Sample:
    """The sample of an instant.

    Raises:
        Damaged: the bytes are not what was written.
    """
    try:
        found = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged(f"a sample does not decode ({error})") from error
    return Sample(taken_ms, found.clock, found.readings)
