"""When a value was measured: DataTime of its packet, or the SampleTime of its own. Pure."""

from __future__ import annotations

import re

from config.vocabulary.reading import Clock
from config.vocabulary.time import DAY_MS, MINUTE_MS
from edge_agent.hj212.fields import Fields
from edge_agent.hj212.segments import instant_ms

EARLIEST_MS, LATEST_MS = -7 * DAY_MS, 70 * MINUTE_MS
"""From DataTime to a SampleTime that can be true: the slowest analysers take one sample a week,
and DataTime may be the beginning of the hour in which one was taken.
"""
_WRITTEN = re.compile(
    r"(\d{4})([-/])(\d\d)\2(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,3})?", re.ASCII
)
_WITH_MS = re.compile(r"\d{17}", re.ASCII)


def instant_of(text: str, *, strict: bool) -> int | None:
    """A time of Asia/Shanghai as UTC epoch ms; None when it is none. Not strictly, also with
    milliseconds behind it, as ``2026-04-01 08:00:00``, and hour 24 as the end of its day.
    """
    if strict:
        return instant_ms(text)
    written = _WRITTEN.fullmatch(text)
    if written:
        text = "".join(written.group(1, 3, 4, 5, 6, 7))
    elif _WITH_MS.fullmatch(text):
        text = text[:14]
    if len(text) == 14 and text.endswith("240000"):
        midnight = instant_ms(f"{text[:8]}000000")
        return None if midnight is None else midnight + DAY_MS
    return instant_ms(text)


def sampled_ms(found: Fields, name: str, data_ms: int) -> tuple[int, Clock]:
    """The instant of a code's value, and how sure it is: where SampleTime cannot be true, that is
    DataTime, in doubt. ``name`` is what the code is called in the packet.
    """
    text = _sample_time(found, name)
    if text is None:
        return data_ms, Clock.FREE_RUNNING
    own_ms = instant_of(text, strict=False)
    if own_ms is None or not EARLIEST_MS <= own_ms - data_ms <= LATEST_MS:
        return data_ms, Clock.NEVER_SET
    return own_ms, Clock.FREE_RUNNING


def _sample_time(found: Fields, name: str) -> str | None:
    """The code's own; else that of its group, or of the packet where it stands by itself."""
    texts = found.values.get(f"{name}-sampletime")
    if texts:
        return texts[0] if len(texts) == 1 else ""
    for group in found.groups:
        own = any(one.startswith(f"{name}-") for one in group)
        alone = not any("-" in one for one in group)
        if "sampletime" in group and (own or alone):
            return group["sampletime"]
    return None
