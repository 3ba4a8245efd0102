"""Instants of samples that wait, by the clock as it is set now.

What the machine itself dated is kept with the time that the machine had been running then. While
it runs that tells when a sample was taken, however the clock is set meanwhile. Samples of before
the machine was started anew cannot be dated so: they keep what they have, in doubt where the clock
is known to have been wrong. An instant that came from an instrument or a logger stays as it is.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import NamedTuple

from config.vocabulary.reading import Clock, Sample
from edge_agent.clock import BEFORE_US_MS, STEP_MS
from edge_agent.spool.body import decode_dated, encode
from edge_agent.spool.tables import SAMPLES

ROWS_A_COMMIT = 500


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


def date_rows(
    db: sqlite3.Connection, boot: str, after: int, setting: Setting
) -> tuple[int | None, Dated]:
    """Date some rows of a boot behind a seq; the last of them, or None where there are no more,
    and how many were touched.

    Raises:
        Damaged: a body is not as it was written.
    """
    query = f"{SAMPLES} and seq > ? order by seq limit ?"
    rows = db.execute(query, (boot, after, ROWS_A_COMMIT)).fetchall()
    if not rows:
        return None, Dated()
    known = db.execute("select machine from machine where boot = ?", (boot,)).fetchone()
    same = known is not None and known[0] == setting.machine
    changed, unknown = [], 0
    for row in rows:
        sample, up_ms = decode_dated(*row)
        if up_ms is None:
            continue
        found = dated(sample, up_ms, setting) if same else doubted(sample, setting)
        unknown += not same and found.taken_ms < BEFORE_US_MS
        if found is not sample:
            changed.append((found.taken_ms, encode(boot, row[1], found, up_ms), boot, row[1]))
    db.executemany("update sample set taken_ms = ?, body = ? where boot = ? and seq = ?", changed)
    again, in_doubt = (len(changed), 0) if same else (0, len(changed))
    return int(rows[-1][1]), Dated(again, in_doubt, unknown)


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
