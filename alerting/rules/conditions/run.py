"""Where one binding (a level of a rule at a series) stands between two batches."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct


class Run(Struct, omit_defaults=True):
    """Mutable on purpose: the engine keeps one a binding. Times are ms of measurement."""

    last: int | None = None
    """Last good reading."""
    last_value: float | None = None
    began: int | None = None
    fired: int | None = None
    fired_value: float | None = None
    clear_since: int | None = None
    peak: float | None = None
    peak_at: int | None = None
    lost: bool = False
    expired: int | None = None
    """The instant at which silence ended it; a reading up to then shows that it went on."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it need be remembered but its last reading."""
        return self.began is None and self.fired is None and self.expired is None

    def idle(self) -> None:
        """Forget the run, keep the last reading."""
        self.began = self.fired = self.clear_since = None
        self.fired_value = self.peak = self.peak_at = None
        self.lost = False


class Episode(NamedTuple):
    """A stretch of firing; ``resolved`` is None while it stands."""

    began: int
    fired: int
    fired_value: float | None
    resolved: int | None
    peak: float | None
    peak_at: int | None


class Step(NamedTuple):
    """A step of a run; ``at`` in ms of measurement, ``value`` of the reading then. One that is
    lost or expired carries its last reading.
    """

    kind: Literal["fired", "resolved", "expired", "lost", "back"]
    at: int
    episode: Episode
    value: float | None


def episode(run: Run, resolved: int | None = None) -> Episode:
    """The run's firing so far."""
    assert run.began is not None
    assert run.fired is not None
    return Episode(run.began, run.fired, run.fired_value, resolved, run.peak, run.peak_at)
