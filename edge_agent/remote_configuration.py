"""The configuration that the centre sends to a station: read, tried, kept, or undone.

An offer that holds is applied at once and on trial until a good reading comes of it. One that
reads nothing good in time, where the one before it did, is undone. The one that was kept last is
used again after a start. That an offer is tried is on disk before it is: one that failed, or took
the agent with it, is not tried again, though it stands on the broker at the next start. Offers
come on the uplink's thread; all else is the agent's loop.
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
from config.files import write_whole
from config.vocabulary import bounds, reports, wire
from config.vocabulary.errors import Fault, FaultyInput

TRIAL_MS = 120_000
_CHANGED_SINCE = Fault(
    "config",
    "is older than the catalogue on the box, which counts more",
    "send it again; where that does not help, set the station's clock and start its agent again",
)
_OLDER = Fault(
    "config", "is older than the one before it", "set the centre's clock, and send it again"
)
_ENDED = Fault(
    "config", "the agent ended while it tried this", "see its log, mend it and send it again"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Trial:
    """An offer that is applied and not kept yet; ``before`` is what it took the place of."""

    n: int
    payload: bytes
    before: Catalogue
    until_ms: int


class _Tried(msgspec.Struct, frozen=True):
    """The offer that was tried last and not kept, and why it is not tried again."""

    n: int
    faults: list[str]


class Remote:
    """``began`` is the catalogue that the agent was given. A configuration of a greater number
    than ``written_ms`` takes its place, see ``box_catalogue``. ``monotonic_ms`` is a clock
    that nobody sets.
    """

    def __init__(
        self,
        file: Path,
        began: Catalogue,
        station_id: str,
        monotonic_ms: Callable[[], int],
        *,
        written_ms: int = 0,
        trial_ms: int = TRIAL_MS,
    ) -> None:
        self.catalogue = began
        self._file, self._tried_file = file, file.with_suffix(".tried")
        self._station = station_id
        self._monotonic_ms = monotonic_ms
        self._trial_ms = trial_ms
        self._written_ms, self._n = written_ms, 0
        self._passed: deque[int] = deque(maxlen=8)
        self._offers: deque[bytes] = deque(maxlen=8)
        self._answers: deque[bytes] = deque(maxlen=8)
        self._trial: _Trial | None = None
        self._was_good = False
        self._tried = self._tried_before()
        self._begin()

    def _begin(self) -> None:
        try:
            payload = self._file.read_bytes()
        except OSError:
            return
        n = sending.number_of(payload)
        if n <= self._written_ms:
            return
        try:
            self.catalogue = sending.unpacked(payload, self.catalogue.site, self._station)
        except FaultyInput as error:
            log.error("the configuration kept last is not used: %s", error)  # noqa: TRY400
            return
        self._n = n

    def _tried_before(self) -> _Tried | None:
        try:
            return msgspec.json.decode(self._tried_file.read_bytes(), type=_Tried)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    @property
    def tries(self) -> bool:
        """Whether an offer is on trial."""
        return self._trial is not None

    def leave(self) -> None:
        """The agent ends as it was asked to: the configuration on trial may be tried again."""
        if self._trial is not None:
            self._tried_file.unlink(missing_ok=True)

    def hear(self, payload: bytes) -> None:
        """Take an offer; on any thread."""
        self._offers.append(payload)

    def answer(self) -> bytes | None:
        """The next answer to be sent, if there is one; on any thread."""
        return self._answers.popleft() if self._answers else None

    def next(self, *, good: bool) -> Catalogue | None:
        """The configuration from now on, where it is another; ``good``: the last round had a good
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
        """The configuration on trial cannot be applied at all; the one before it."""
        assert self._trial is not None
        trial, self._trial = self._trial, None
        try:
            self._note_tried(trial.n, why)
        except OSError as error:
            log.warning("the configuration may be tried again at the next start: %s", error)
        self._answer(trial.n, [why])
        self.catalogue = trial.before
        return trial.before

    def _considered(self, payload: bytes) -> Catalogue | None:
        n = sending.number_of(payload)
        if n < 1 or n == self._n or n in self._passed:
            return None  # retained, and heard again at every connect
        if n <= max(self._n, self._written_ms):
            self._pass_over(n)
            return None
        self._n = n
        if self._tried is not None and self._tried.n == n:
            self._answer(n, self._tried.faults)
            return None
        try:
            offered = sending.unpacked(payload, self.catalogue.site, self._station)
            self._note_tried(n, str(_ENDED))
        except Exception as error:  # noqa: BLE001  nothing that one sends may end the agent
            self._answer(n, _faults(error))
            return None
        self._trial = _Trial(n, payload, self.catalogue, self._monotonic_ms() + self._trial_ms)
        self.catalogue = offered
        return offered

    def _pass_over(self, n: int) -> None:
        """Say that an offer is not tried, once; it may be heard again at every connect."""
        self._passed.append(n)
        why = str(_CHANGED_SINCE if n <= self._written_ms else _OLDER)
        if self._tried is None or n > self._tried.n:
            try:
                self._note_tried(n, why)
            except OSError as error:
                log.warning("a configuration is passed over again at the next start: %s", error)
        self._answer(n, [why])

    def _judge(self, trial: _Trial, *, good: bool) -> Catalogue | None:
        polled = bool(self.catalogue.stations[self._station].instruments)
        over = self._monotonic_ms() >= trial.until_ms
        if good or not polled or (over and not self._was_good):
            self._trial, self._was_good = None, good
            self._keep(trial.payload)
            self._answer(trial.n, [])
            return None
        if over:
            return self.undo("reads nothing good; the configuration before it is back")
        return None

    def _keep(self, payload: bytes) -> None:
        try:
            write_whole(self._file, payload)
            self._tried_file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the configuration is applied, and lost at the next start: %s", error)

    def _note_tried(self, n: int, why: str) -> None:
        """That an offer is not tried again, and why.

        Raises:
            OSError: the disk does not take it.
        """
        self._tried = _Tried(n, [why])
        write_whole(self._tried_file, msgspec.json.encode(self._tried))

    def _answer(self, n: int, faults: list[str]) -> None:
        told = [bounds.cut(fault) for fault in faults[: bounds.FAULTS]]
        said = reports.Applied(wire.VERSION, n, not faults, told)
        self._answers.append(msgspec.json.encode(said))
        log.warning("configuration %d: %s", n, "; ".join(faults) or "applied")


def _faults(error: Exception) -> list[str]:
    """Why an offer is not tried."""
    if isinstance(error, FaultyInput):
        return [str(fault) for fault in error.faults]
    if isinstance(error, OSError):
        fault = Fault(
            "config", f"is not tried ({error!s:.120})", "free space on the station's disk"
        )
    else:
        log.error("an offer cannot be read", exc_info=error)
        fault = Fault("config", f"cannot be read ({error!r:.120})", "mend it and send it again")
    return [str(fault)]
