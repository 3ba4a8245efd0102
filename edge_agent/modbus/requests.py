"""The requests of one instrument: as few as it answers, and apart where it refuses them together.

What is refused, or silent beside others that answer, costs only itself: it is remembered and asked
again ever more rarely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from config.catalogue.shapes import Instrument
from config.vocabulary.quality import Cause
from edge_agent.modbus import blocks
from edge_agent.modbus.blocks import Block
from edge_agent.modbus.decode import Place

REFUSED_AGAIN_S = 60.0
"""Until what was refused is asked for again; twice as long each time, up to an hour."""
LONGEST_REFUSED_S = 3600.0
SILENT_AGAIN_S = 4.0
LONGEST_SILENT_S = 60.0


class Refused(NamedTuple):
    """Registers or coils that an instrument refuses, by the numbers of its manual.

    ``apart`` says that it answers the values in them, each asked for by itself; then ``hole`` is
    the first and last number between two of them that no value needs, if there is such.
    """

    block: Block
    code: int
    apart: bool = False
    hole: tuple[int, int] | None = None

    @property
    def span(self) -> str:
        """The numbers in words."""
        first, last = self.block.first, self.block.first + self.block.words - 1
        return f"{self.block.function} {first}" + (f" to {last}" if last > first else "")

    @property
    def remedy(self) -> str:
        """How the instrument's file tells of it, where its values are answered apart."""
        if self.hole:
            return f"write oddities.forbidden = [[{self.hole[0]}, {self.hole[1]}]]"
        return f"write oddities.most_registers below {self.block.words}"


@dataclass(slots=True)
class _Rest:
    """Why a group gives nothing now, and until when (monotonic seconds) it is not asked for."""

    until_s: float
    times: int
    cause: Cause
    code: int | None


Group = tuple[Block, ...]
"""Spans of values that are asked for in one request, ascending."""


class Requests:
    """The questions of a round to an instrument, and those that are left out for now."""

    def __init__(self, instrument: Instrument, clock_s: Callable[[], float]) -> None:
        self._oddities = instrument.oddities
        self._clock_s = clock_s
        self._whole = self._grouped(sorted(set(blocks.wanted(instrument))))
        self._groups = list(self._whole)
        self._rests: dict[Group, _Rest] = {}
        self._split: list[Refused] = []
        self._recovered = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self._rests

    def due(self) -> list[Group]:
        """The groups of this round; those that gave nothing the last time stand at the end."""
        if self._recovered:
            self._groups, self._split, self._recovered = list(self._whole), [], False
            self._rests = {one: of for one, of in self._rests.items() if one in self._groups}
        if not self._rests:
            return list(self._groups)
        now_s, rests = self._clock_s(), self._rests
        again = [group for group, rest in rests.items() if rest.until_s <= now_s]
        return [group for group in self._groups if group not in rests] + again

    def answered(self, group: Group) -> None:
        """It gave its words. What was refused until now may have been the trouble of others."""
        if self._rests and (rest := self._rests.pop(group, None)):
            self._recovered |= rest.code is not None

    def refused(self, group: Group, code: int) -> list[Group]:
        """The device refuses it: its parts, to be asked for at once; none of a single value."""
        if len(group) == 1:
            self._rest(group, Cause.DEVICE_REFUSED, code, REFUSED_AGAIN_S, LONGEST_REFUSED_S)
            return []
        at, hole = _widest(group)
        self._split.append(Refused(spanned(group), code, apart=True, hole=hole))
        parts = self._grouped(group[:at]) + self._grouped(group[at:])
        place = self._groups.index(group)
        self._groups[place : place + 1] = parts
        self._rests.pop(group, None)
        return parts

    def silent(self, group: Group, cause: Cause) -> None:
        """It gives nothing though others of the instrument do."""
        self._rest(group, cause, None, SILENT_AGAIN_S, LONGEST_SILENT_S)

    def last(self, group: Group) -> None:
        """Ask for it behind the others: it may be this one alone that gives nothing."""
        self._groups.remove(group)
        self._groups.append(group)

    def _rest(
        self, group: Group, cause: Cause, code: int | None, first_s: float, most_s: float
    ) -> None:
        rest = self._rests.pop(group, None)
        times = rest.times + 1 if rest else 0
        # The first time may be a mishap, and is tried again in the next round.
        rest_s = min(first_s * 2.0 ** min(times - 1, 20), most_s) if times else 0.0
        self._rests[group] = _Rest(self._clock_s() + rest_s, times, cause, code)

    def missing(self, left: Cause) -> dict[Place, Cause]:
        """Why there is no word, of each that is not asked for now; ``left`` is why the rest of a
        round was not.
        """
        why = {place: left for group in self._whole for span in group for place in addresses(span)}
        for group, rest in self._rests.items():
            why.update((place, rest.cause) for span in group for place in addresses(span))
        return why

    @property
    def refusals(self) -> list[Refused]:
        """Everything that is known to be refused: values first, then groups of which each value is
        answered.
        """
        single = [
            Refused(spanned(group), rest.code)
            for group, rest in self._rests.items()
            if rest.code is not None
        ]
        apart = [one for one in self._split if not any(_within(of, one) for of in single)]
        return single + _smallest(apart)

    def _grouped(self, spans: Sequence[Block]) -> list[Group]:
        return [
            tuple(span for span in spans if _holds(block, span))
            for block in blocks.plan(spans, self._oddities)
        ]


@cache
def addresses(block: Block) -> tuple[Place, ...]:
    """Of the words of a block."""
    return tuple((block.function, block.first + n) for n in range(block.words))


@cache
def spanned(group: Group) -> Block:
    """The request for a group, numbered as in the manual."""
    function, first = group[0].function, group[0].first
    end = max(span.first + span.words for span in group)
    return Block(function, first, end - first)


def _widest(group: Group) -> tuple[int, tuple[int, int] | None]:
    """Where a group is parted: behind the span before its widest hole, or in its middle."""
    at, hole, reach = len(group) // 2, None, group[0].first + group[0].words
    for index, (before, span) in enumerate(pairwise(group), 1):
        reach = max(reach, before.first + before.words)
        width = span.first - reach
        if width > (hole[1] - hole[0] + 1 if hole else 0):
            at, hole = index, (reach, span.first - 1)
    return at, hole


def _holds(block: Block, span: Block) -> bool:
    end = block.first + block.words
    inside = block.first <= span.first and span.first + span.words <= end
    return block.function == span.function and inside


def _within(one: Refused, other: Refused) -> bool:
    return _holds(other.block, one.block)


def _smallest(found: Sequence[Refused]) -> list[Refused]:
    """A group that was refused only because of one within it says nothing by itself."""
    return [one for one in found if not any(of is not one and _within(of, one) for of in found)]
