"""Instants of samples that wait, by the clock as it is set now.

What the machine itself dated is kept with the time that the machine had been running then. While
it runs that tells when a sample was taken, however the clock is set meanwhile. Samples of before
the machine was started anew cannot be dated so: they keep what they have, in doubt where the clock
is known to have been wrong. An instant that came from an instrument or a logger stays as it
is. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from config.vocabulary.reading import Clock, Sample
from edge_agent.clock import BEFORE_US_MS, STEP_MS
from edge_agent.spool.body import decode_dated, encode
from edge_agent.spool.tables import Row


@dataclass(frozen=True, slots=True)
class Setting:
    """How the clock is set. ``began_ms``: when the machine was started, by it (UTC epoch ms).
    ``kept``: something keeps it right; ``was_wrong``: it was just set by more than a minute.
    """

    machine: str
    began_ms: int
    kept: bool
    was_wrong: bool


class Dated(NamedTuple):
    """Samples in number: dated again, put in doubt, and those of which nobody knows the year."""

    again: int = 0
    doubted: int = 0
    unknown: int = 0

    def plus(self, more: Dated) -> Dated:
        """Both together."""
        return Dated(*(one + other for one, other in zip(self, more, strict=True)))


def date_rows(rows: Sequence[Row], setting: Setting, *, same: bool) -> tuple[list[Row], Dated]:
    """Those of a boot's rows that change, and how many they are; ``same``: the machine was not
    started anew since.

    Raises:
        Damaged: a body is not as it was written.
    """
    changed, unknown = list[Row](), 0
    for row in rows:
        boot, seq, *_ = row
        sample, up_ms = decode_dated(*row)
        if up_ms is None:
            continue
        found = dated(sample, up_ms, setting) if same else doubted(sample, setting)
        unknown += not same and found.taken_ms < BEFORE_US_MS
        if found is not sample:
            changed.append((boot, seq, found.taken_ms, encode(boot, seq, found, up_ms)))
    again, in_doubt = (len(changed), 0) if same else (0, len(changed))
    return changed, Dated(again, in_doubt, unknown)


def dated(sample: Sample, up_ms: int, setting: Setting) -> Sample:
    """A sample of the running machine. One that was taken while something kept the clock right
    stays where nothing does now: then somebody set it by hand, and may have set it wrong.
    """
    if sample.clock is Clock.SYNCHRONISED and not setting.kept:
        return sample
    taken_ms = up_ms + setting.began_ms
    if abs(taken_ms - sample.taken_ms) <= STEP_MS:
        return sample
    clock = Clock.SYNCHRONISED if setting.kept else Clock.FREE_RUNNING
    return replace(sample, taken_ms=taken_ms, clock=clock)


def doubted(sample: Sample, setting: Setting) -> Sample:
    """A sample of the machine before it was started anew; a clock that nothing kept right was
    wrong then too, by nobody knows how much, where it was wrong after the start.
    """
    kept = sample.clock in (Clock.SYNCHRONISED, Clock.NEVER_SET)
    return sample if kept or not setting.was_wrong else replace(sample, clock=Clock.NEVER_SET)
