"""Modbus devices of one station: what each of them reads in a round, and how long it rests."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from config.catalogue.shapes import Instrument, Placement
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus import decode
from edge_agent.modbus.blocks import Block
from edge_agent.modbus.decode import Place
from edge_agent.modbus.line import SILENT_BEHIND_GATEWAY, Failed, Line
from edge_agent.modbus.requests import Group, Refused, Requests, addresses, spanned

__all__ = ["Device", "Failed", "Line", "undated"]

LONGEST_REST_S = 60.0
LATEST_ANSWER = 2
"""Time-outs after its own in which a late RTU answer, which bears no number, may still come."""
BUSY = (5, 6)
"""Exception codes of a device that will answer in a moment (V1.1b3, 7)."""
BUSY_AGAIN_S = (0.05, 0.1, 0.2, 0.4)
"""Rests until a busy device is asked again within a round, as long as its time-out lasts."""
_OF_THE_WHOLE = (None, 10, SILENT_BEHIND_GATEWAY)
"""Codes that tell of the device or the way to it and of no register; None is no exception."""
_MOST_SHOWN = 40

log = logging.getLogger(__name__)


class Device:
    """One instrument at its unit address; after a failure it rests, longer each time."""

    def __init__(
        self,
        line: Line,
        placement: Placement,
        instrument: Instrument,
        clock_s: Callable[[], float],
    ) -> None:
        self._line = line
        self.placement = placement
        self._instrument = instrument
        self._name = f"{instrument.id}, unit {placement.unit} on {placement.where}"
        self._clock_s = clock_s
        self._decoder = decode.Decoder(instrument)
        self._requests = Requests(instrument, clock_s)
        self._failures = 0
        self._garbled = 0
        self._said: list[Refused] = []
        self._cause = Cause.TIMEOUT
        self._left: Cause | None = None
        self._rest_until_s = 0.0
        measures = [row for row in instrument.registers if row.type != "bit" and not row.bits]
        self.measured_ms: int | None = None
        """When the values of the last poll were measured (UTC epoch ms), where the instrument
        names a register for it.
        """
        self._still_s = 60 * instrument.oddities.still_minutes if len(measures) > 1 else 0
        self._before: dict[Place, int] = {}
        self._moved_s, self._stands = 0.0, False

    def poll(self, stop: threading.Event) -> dict[str, Measured]:
        """Every value of the instrument, or None and why."""
        self.measured_ms = None
        if self._clock_s() < self._rest_until_s:
            return self._nothing()
        try:
            words = self.words(stop)
        except Failed as failed:
            self._fail(failed)
            return self._nothing()
        self._failures = 0
        found = self._doubted(self.readings(words), words)
        try:
            self.measured_ms = self._decoder.measured_ms(words)
        except ValueError:
            return undated(found)
        return found

    def _doubted(self, found: dict[str, Measured], words: dict[Place, int]) -> dict[str, Measured]:
        """A live instrument never reads the same in every bit of several values for hours."""
        now_s = self._clock_s()
        if words != self._before:
            self._before, self._moved_s, self._stands = words, now_s, False
            return found
        if not self._still_s or now_s - self._moved_s < self._still_s:
            return found
        if not self._stands:
            minutes = self._instrument.oddities.still_minutes
            log.warning("%s: no register has moved for %d minutes", self._name, minutes)
        self._stands = True
        return {
            code: Measured(one.value, Cause.STANDING_STILL) if one.cause is Cause.NORMAL else one
            for code, one in found.items()
        }

    def _fail(self, failed: Failed) -> None:
        self._cause = failed.cause
        if failed.code in BUSY:
            return
        self._failures += 1
        # The first failure is tried again at once; a device that stays dead must not take
        # a time-out of every round from the others on its line.
        self._rest(0.0 if self._failures < 2 else 2.0 ** min(self._failures, 6))

    def _rest(self, rest_s: float) -> None:
        if self.placement.rtu:
            # A late answer must have come and be gone, or each would be the next one's.
            rest_s = max(rest_s, LATEST_ANSWER * self.placement.timeout_ms / 1000)
        self._rest_until_s = self._clock_s() + min(rest_s, LONGEST_REST_S)

    def _nothing(self) -> dict[str, Measured]:
        return dict.fromkeys(self._instrument.codes, Measured(None, self._cause))

    def readings(self, words: decode.Words) -> dict[str, Measured]:
        """Values by the words of the last round; None and why, where some are not among them."""
        if self._left is None and self._requests.whole:
            return self._decoder.readings(words)
        missing = self._requests.missing(self._left or Cause.DEVICE_REFUSED)
        return self._decoder.readings_in_part(words, missing)

    @property
    def refusals(self) -> list[Refused]:
        """Refusals of the instrument, as far as it was asked."""
        return self._requests.refusals

    def words(self, stop: threading.Event) -> dict[Place, int]:
        """The words that the instrument's values need, read now; none that is refused.

        Raises:
            Failed: there is nothing at all.
        """
        words: dict[Place, int] = {}
        failed: Failed | None = None
        queue = deque(self._requests.due())
        pause_s, asked, self._left = self._instrument.oddities.pause_ms / 1000, False, None
        while queue:
            group = queue.popleft()
            if asked and pause_s:
                stop.wait(pause_s)
            asked = True
            try:
                block, found = self._read(group, stop)
            except Failed as error:
                failed, self._left = error, error.cause
                self._note(error)
                if error.code not in (*_OF_THE_WHOLE, *BUSY):
                    queue.extendleft(reversed(self._requests.refused(group, error.code or 0)))
                elif error.code in _OF_THE_WHOLE:
                    self._give_up(group, error, alone=bool(words))
                    break
            else:
                self._requests.answered(group)
                words.update(zip(addresses(block), found, strict=True))
        self._tell(self._requests.refusals)
        if not words:
            raise failed or Failed(Cause.DEVICE_REFUSED)
        return words

    def _read(self, group: Group, stop: threading.Event) -> tuple[Block, list[int]]:
        """A group's request and its words; a busy device is asked again while its time lasts."""
        block, placement = spanned(group), self.placement
        until_s = time.monotonic() + placement.timeout_ms / 1000
        waits = iter(BUSY_AGAIN_S)
        while True:
            try:
                return block, self._line.read(
                    block.function,
                    placement.unit,
                    block.first - self._instrument.first_address,
                    block.words,
                    placement.timeout_ms,
                )
            except Failed as failed:
                wait_s = next(waits, None)
                if failed.code not in BUSY or wait_s is None or time.monotonic() > until_s:
                    raise
            stop.wait(max(wait_s, self._instrument.oddities.pause_ms / 1000))

    def _give_up(self, group: Group, failed: Failed, *, alone: bool) -> None:
        """Ask no more in this round; ``alone`` says that other groups were answered."""
        if not alone:
            self._requests.last(group)
            return
        self._requests.silent(group, failed.cause)
        self._cause = failed.cause
        if self.placement.rtu:
            self._rest(0.0)

    def _tell(self, refusals: list[Refused]) -> None:
        """Once of each refusal."""
        for one in refusals:
            if one in self._said:
                continue
            if one.apart:
                how = f"together, and answers its values apart; {one.remedy}"
            else:
                how = f"with exception {one.code}; it is asked again ever more rarely"
            log.warning("%s: refuses %s %s", self._name, one.span, how)
        self._said = refusals

    def _note(self, failed: Failed) -> None:
        """A wrong answer with its bytes; said again when they have doubled."""
        if failed.garbled:
            self._garbled += 1
            if self._garbled & (self._garbled - 1) == 0:
                came = failed.came[:_MOST_SHOWN].hex(" ")
                log.warning(
                    "%s: no answer to the question: %s, %d until now",
                    self._name, came, self._garbled,
                )  # fmt: skip


def undated(found: Mapping[str, Measured]) -> dict[str, Measured]:
    """Values of which nobody knows when they were measured."""
    return {
        code: Measured(one.value, Cause.UNKNOWN_STATE) if one.cause is Cause.NORMAL else one
        for code, one in found.items()
    }
