"""Faults of lines, instruments, loggers and the broker, each with its label. Pure."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from config.catalogue.shapes import Placement, Station

On = tuple[Station, Placement]
"""An instrument where it stands."""

TroubleKind = Literal[
    "power-cut", "line-loss", "slow", "corrupt", "clock-jump", "broker-loss", "broker-silence"
]


@dataclass(frozen=True, slots=True)
class Trouble:
    """From ``began_ms`` until ``ended_ms``.

    ``power-cut``: an instrument, or a whole station, is off: it answers nothing, and where
    nothing else stands on its line over TCP connections end and none is taken; a station's loggers
    are still, what they had kept is sent later. ``line-loss``: the line of an instrument carries
    nothing, of nobody on it; over TCP connections end and none is taken; of a whole station its
    loggers reach nobody either, and send later what they measured. ``slow``: answers take
    ``size`` ms. ``corrupt``: a ``share`` of answers is broken. ``clock-jump``: the clocks of
    loggers are ``size`` seconds ahead, below 0 behind. ``broker-loss``: connections to the broker
    end and none is taken; ``broker-silence``: they stand, and nothing arrives. Without an
    instrument the whole station is meant.
    """

    kind: TroubleKind
    began_ms: int
    ended_ms: int
    station: str = ""
    instrument: str = ""
    size: float = 0.0
    share: float = 0.0

    @property
    def label(self) -> dict[str, str | int]:
        """The truth, for those who judge the answers to it."""
        where = {"station": self.station, "instrument": self.instrument}
        named = {name: of for name, of in where.items() if of}
        return {**named, "kind": self.kind, "began": self.began_ms, "ended": self.ended_ms}

    def holds(self, t_ms: int) -> bool:
        """Whether it lasts at an instant."""
        return self.began_ms <= t_ms < self.ended_ms

    def strikes(self, station: Station, placement: Placement, t_ms: int) -> bool:
        """Whether it concerns an instrument at an instant."""
        here = self.station == station.id and self.instrument in ("", placement.instrument)
        return here and self.holds(t_ms)


def late_s(
    troubles: Sequence[Trouble], station: Station, placement: Placement, t_ms: int
) -> float:
    """How long an instrument takes to answer."""
    slow = (of for of in troubles if of.kind == "slow" and of.strikes(station, placement, t_ms))
    return max((of.size for of in slow), default=0.0) / 1000


def ahead_ms(troubles: Sequence[Trouble], station: Station, t_ms: int) -> int:
    """How far the clocks of a station's loggers are ahead."""
    jumps = (of for of in troubles if of.kind == "clock-jump" and of.station == station.id)
    return round(sum(of.size for of in jumps if of.holds(t_ms)) * 1000)


def is_struck(troubles: Sequence[Trouble], kind: TroubleKind, station: Station, t_ms: int) -> bool:
    """Whether a trouble concerns a whole station, its loggers too."""
    whole = (of for of in troubles if of.station == station.id and not of.instrument)
    return any(of.kind == kind and of.holds(t_ms) for of in whole)


def is_dead(troubles: Sequence[Trouble], placed: Collection[On], t_ms: int) -> bool:
    """Whether a line, by what stands on it, is lost or has nothing with power on it."""
    return is_lost(troubles, placed, t_ms) or all(_is_cut(troubles, on, t_ms) for on in placed)


def is_lost(troubles: Sequence[Trouble], placed: Collection[On], t_ms: int) -> bool:
    """Whether a line, by what stands on it, carries nothing."""
    losses = [of for of in troubles if of.kind == "line-loss"]
    return any(of.strikes(*on, t_ms) for of in losses for on in placed)


def _is_cut(troubles: Sequence[Trouble], on: On, t_ms: int) -> bool:
    return any(of.kind == "power-cut" and of.strikes(*on, t_ms) for of in troubles)


def spoken(
    troubles: Sequence[Trouble], on: On, t_ms: int, answer: bytes, drawn: random.Random
) -> bytes:
    """The part of an instrument's answer that arrives over a line that is whole."""
    if _is_cut(troubles, on, t_ms):
        return b""
    for of in troubles:
        if of.kind == "corrupt" and of.strikes(*on, t_ms) and drawn.random() < of.share:
            return broken(answer, drawn, rtu=on[1].rtu)
    return answer


def broken(answer: bytes, drawn: random.Random, *, rtu: bool) -> bytes:
    """An answer with its end missing; on RTU, where a check sum tells it, with another bit, or
    whole and of another unit; over TCP, where the net sees to bits, with the number or the unit of
    somebody else's.
    """
    if drawn.random() < 0.5:
        return answer[: drawn.randrange(1, len(answer))]
    if rtu and drawn.random() < 0.5:
        return _sealed(_with_another_bit(answer[:-2], 0, drawn))
    if rtu:
        return _with_another_bit(answer, drawn.randrange(len(answer)), drawn)
    if drawn.random() < 0.5:
        number = (int.from_bytes(answer[:2], "big") + drawn.randrange(1, 0x10000)) % 0x10000
        return number.to_bytes(2, "big") + answer[2:]
    unit = drawn.choice([one for one in range(1, 248) if one != answer[6]])
    return answer[:6] + bytes([unit]) + answer[7:]


def _with_another_bit(answer: bytes, at: int, drawn: random.Random) -> bytes:
    changed = answer[at] ^ (1 << drawn.randrange(8))
    return answer[:at] + bytes([changed]) + answer[at + 1 :]


def _sealed(body: bytes) -> bytes:
    """With its CRC (MODBUS over Serial Line V1.02, 6.2.2)."""
    register = 0xFFFF
    for byte in body:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return body + register.to_bytes(2, "little")
