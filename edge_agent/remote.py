"""What the centre would have a station be: read, tried, kept, or undone.

An offer that holds is applied at once and on trial until a good reading comes of it. One that
reads nothing good in time, where the one before it did, is undone. What was kept last is used
again after a start. Offers come on the uplink's thread; all else is the agent's loop.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from config.catalogue import sending
from config.catalogue.shapes import Catalogue
from config.vocabulary import bounds, wire
from config.vocabulary.errors import FaultyInput

TRIAL_MS = 120_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Trial:
    """An offer that is applied and not kept yet; ``before`` is what it took the place of."""

    n: int
    payload: bytes
    before: Catalogue
    until_ms: int


class Remote:
    """``began`` is the catalogue that the agent was given, ``written_ms`` when that was written:
    what was sent later takes its place.
    """

    def __init__(
        self,
        file: Path,
        began: Catalogue,
        station_id: str,
        now_ms: Callable[[], int],
        *,
        written_ms: int = 0,
        trial_ms: int = TRIAL_MS,
    ) -> None:
        self.catalogue = began
        self._file = file
        self._station = station_id
        self._now_ms = now_ms
        self._trial_ms = trial_ms
        self._n = written_ms
        self._offers: deque[bytes] = deque(maxlen=8)
        self._answers: deque[bytes] = deque(maxlen=8)
        self._trial: _Trial | None = None
        self._was_good = False
        self._begin()

    def _begin(self) -> None:
        try:
            payload = self._file.read_bytes()
        except OSError:
            return
        n = sending.number_of(payload)
        if n <= self._n:
            return
        try:
            self.catalogue = sending.unpacked(payload, self.catalogue.site, self._station)
        except FaultyInput as error:
            log.error("the configuration kept last is not used: %s", error)  # noqa: TRY400
            return
        self._n = n

    def hear(self, payload: bytes) -> None:
        """Take an offer; on any thread."""
        self._offers.append(payload)

    def answer(self) -> bytes | None:
        """The next answer to be sent, if there is one; on any thread."""
        return self._answers.popleft() if self._answers else None

    def next(self, *, good: bool) -> Catalogue | None:
        """What to be from now on, where that is something new; ``good``: the last round had a good
        reading.
        """
        if self._trial is not None:
            return self._judge(self._trial, good=good)
        self._was_good |= good
        while self._offers:
            if (offered := self._considered(self._offers.popleft())) is not None:
                return offered
        return None

    def undo(self, why: str) -> Catalogue:
        """What is on trial cannot be applied at all; the one before it."""
        assert self._trial is not None
        trial, self._trial = self._trial, None
        self._answer(trial.n, [why])
        self.catalogue = trial.before
        return trial.before

    def _considered(self, payload: bytes) -> Catalogue | None:
        n = sending.number_of(payload)
        if n <= self._n:
            return None  # retained, and heard again at every connect
        self._n = n
        try:
            offered = sending.unpacked(payload, self.catalogue.site, self._station)
        except FaultyInput as error:
            self._answer(n, [str(fault) for fault in error.faults])
            return None
        self._trial = _Trial(n, payload, self.catalogue, self._now_ms() + self._trial_ms)
        self.catalogue = offered
        return offered

    def _judge(self, trial: _Trial, *, good: bool) -> Catalogue | None:
        polled = bool(self.catalogue.stations[self._station].instruments)
        over = self._now_ms() >= trial.until_ms
        if good or not polled or (over and not self._was_good):
            self._trial, self._was_good = None, good
            self._keep(trial.payload)
            self._answer(trial.n, [])
            return None
        if over:
            return self.undo("reads nothing good; the configuration before it is back")
        return None

    def _keep(self, payload: bytes) -> None:
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_bytes(payload)
            fresh.replace(self._file)
        except OSError as error:
            log.warning("the configuration is applied, and lost at the next start: %s", error)

    def _answer(self, n: int, faults: list[str]) -> None:
        told = [bounds.cut(fault) for fault in faults[: bounds.FAULTS]]
        said = wire.Applied(wire.VERSION, n, not faults, told)
        self._answers.append(msgspec.json.encode(said))
        log.warning("configuration %d: %s", n, "; ".join(faults) or "applied")
