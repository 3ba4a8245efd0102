"""A data logger that speaks HJ 212-2017 and -2025: measures, calls, sends again until answered.

It shares no code with the agent: check sum, frames and letters are its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from config.catalogue.shapes import Logger, Station
from config.vocabulary.indicators import INDICATORS

Truth = Callable[[str, int], float]
"""Indicator code and instant (UTC epoch ms) -> what nature holds."""

MOST_BYTES = 1024
MOST_KEPT = 10_000
"""Its memory: beyond it the oldest are forgotten."""
ANSWER_S = 5.0
"""So long it waits for an answer before it sends again."""
_LOOK_S = 0.05
_COMMANDS = {"real-time": "2011", "minute": "2051", "hour": "2061"}
_SYSTEMS = {"water": "21", "air": "22"}
_FLAGS = {"2017": 0b00000100, "2025": 0b00001000, "water": 0b00001000}
_EAST = timezone(timedelta(hours=8))
_ANSWERED = re.compile(rb"##\d{4}QN=(\d{17});ST=91;CN=9014;.*?\r\n")


def check_sum(segment: bytes) -> int:
    """Step by step as annex A of HJ 212 tells it."""
    register = 0xFFFF
    for byte in segment:
        register >>= 8
        register ^= byte
        for _ in range(8):
            lowest = register & 1
            register >>= 1
            if lowest:
                register ^= 0xA001
    return register


def framed(segment: str, key: bytes | None = None) -> bytes:
    """A data segment as it goes over the line; length and check sum are those of the plain text.

    With a key what stands between the ``&&`` is encrypted in whole blocks of 16, the rest stays.
    """
    plain = segment.encode("ascii")
    body = plain
    if key is not None:
        begin = plain.index(b"CP=&&") + 5
        inner = plain[begin:-2]
        whole = len(inner) - len(inner) % 16
        cipher = Cipher(SM4(key), ECB()).encryptor()  # noqa: S305  as the standard has it
        body = plain[:begin] + cipher.update(inner[:whole]) + inner[whole:] + b"&&"
    return f"##{len(plain):04d}".encode() + body + f"{check_sum(plain):04X}\r\n".encode()


def split(groups: Sequence[str], room: int) -> list[list[str]]:
    """Groups into as few rows as fit; ``room`` is what a row may take, its ``;`` counted."""
    rows: list[list[str]] = [[]]
    for group in groups:
        if rows[-1] and sum(len(one) + 1 for one in rows[-1]) + len(group) > room:
            rows.append([])
        rows[-1].append(group)
    return rows


@dataclass(slots=True)
class Kept:
    """The packets of one instant, until every part is answered."""

    qn: str
    groups: list[str]
    tries: int = 0


@dataclass
class DataLogger:
    """One logger of a station; it calls ``logger.port`` and sends what ``logger.of`` asks for."""

    logger: Logger
    station: Station
    truth: Truth
    now_ms: Callable[[], int]
    marks: Mapping[str, str] = field(default_factory=dict)
    """Code -> what it says of the value's state; ``N`` of all others."""
    most_bytes: int = MOST_BYTES
    """Of a data segment; a smaller one makes it split."""
    answer_s: float = ANSWER_S
    kept: list[Kept] = field(default_factory=list)
    """Packets without an answer yet, the oldest first."""
    off: Callable[[], bool] = lambda: False
    """Whether it has no power: then it neither measures nor calls, and keeps what it has."""
    lost: Callable[[], bool] = lambda: False
    """Whether its line carries nothing: then it measures on, and keeps that too."""
    _numbers: Iterator[int] = field(default_factory=count)

    def measure(self, at_ms: int) -> Kept:
        """Read every code at an instant (of means: the period's beginning) and keep it."""
        at = datetime.fromtimestamp(at_ms // 1000, _EAST)
        field_name = "Rtd" if self.logger.of == "real-time" else "Avg"
        groups = []
        for code in self.logger.codes:
            decimals = INDICATORS[code].decimals + 1
            value = self.truth(code, at_ms) / self.logger.scale.get(code, 1.0)
            mark = self.marks.get(code, "N")
            groups.append(f"{code}-{field_name}={value:.{decimals}f},{code}-Flag={mark}")
        qn = f"{at:%Y%m%d%H%M%S}{next(self._numbers) % 1000:03d}"
        self.kept.append(Kept(qn, [f"DataTime={at:%Y%m%d%H%M%S}", *groups]))
        del self.kept[:-MOST_KEPT]
        return self.kept[-1]

    def packets(self, one: Kept) -> list[bytes]:
        """Its frames; more than one where it does not fit, each with the DataTime."""
        logger, again = self.logger, ""
        if one.tries and logger.profile == "2025":
            again = "RF=1;"
        head = f"QN={one.qn};ST={_SYSTEMS[self.station.kind]};CN={_COMMANDS[logger.of]};"
        head += f"PW={logger.password};MN={logger.mn};"
        time, *groups = one.groups
        room = self.most_bytes - len(f"{head}Flag=11;PNUM=99;PNO=99;{again}CP=&&{time};&&")
        rows = split(groups, room)
        key = bytes.fromhex(logger.key) if logger.key else None
        flag = _FLAGS[logger.profile] | 1
        frames = []
        for number, row in enumerate(rows, start=1):
            numbers = f"PNUM={len(rows)};PNO={number};" if len(rows) > 1 else ""
            flags = f"Flag={flag | (2 if numbers else 0)};"
            text = f"{head}{flags}{numbers}{again}CP=&&{';'.join([time, *row])}&&"
            frames.append(framed(text, key))
        return frames

    async def run(self) -> None:
        """Measure at the station's cadence and send, for ever; a line that is down is tried again.

        New data go before what is sent again.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._measuring())
            tasks.create_task(self._calling())

    async def _measuring(self) -> None:
        step_ms = max(self.station.cadence_ms, 1000)
        before_ms = self.now_ms() // step_ms * step_ms
        mean = self.logger.of != "real-time"
        while True:
            await asyncio.sleep((step_ms - self.now_ms() % step_ms) / 1000)
            # Its clock may have jumped meanwhile; or it is awake a little too early.
            due_ms = self.now_ms() // step_ms * step_ms
            if due_ms != before_ms and not self.off():
                self.measure(due_ms - step_ms if mean else due_ms)
            before_ms = due_ms

    async def _calling(self) -> None:
        while True:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                if not self._is_cut():
                    await self.call()
            await asyncio.sleep(min(self.answer_s, 1.0))

    async def call(self, *, until_empty: bool = False) -> None:
        """One connection: send what is kept until the line breaks, or nothing is kept.

        Raises:
            OSError: nobody listens, or the line broke.
            IncompleteReadError: the other side hung up, or the line broke.
        """
        reader, writer = await asyncio.open_connection(self.logger.host, self.logger.port)
        cutting = asyncio.create_task(self._cutting(writer))
        try:
            while (self.kept or not until_empty) and not writer.is_closing():
                if self.kept:
                    await self._sent(self._next(), reader, writer)
                else:
                    await asyncio.sleep(_LOOK_S)
        finally:
            cutting.cancel()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _cutting(self, writer: asyncio.StreamWriter) -> None:
        """End a connection without power or line, also one that waits for an answer."""
        while True:
            if self._is_cut():
                writer.transport.abort()
                return
            await asyncio.sleep(_LOOK_S)

    def _is_cut(self) -> bool:
        return self.off() or self.lost()

    def _next(self) -> Kept:
        """The oldest that was never sent, else the oldest of all."""
        return next((one for one in self.kept if not one.tries), self.kept[0])

    async def _sent(
        self, one: Kept, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Each part waits for its answer; what stays without one is kept, and sent again."""
        frames = self.packets(one)
        one.tries += 1
        for frame in frames:
            writer.write(frame)
            await writer.drain()
            try:
                async with asyncio.timeout(self.answer_s):
                    while not _answers(await reader.readuntil(b"\r\n"), one.qn):
                        pass
            except TimeoutError:
                return
        with contextlib.suppress(ValueError):  # forgotten meanwhile
            self.kept.remove(one)


def _answers(line: bytes, qn: str) -> bool:
    found = _ANSWERED.fullmatch(line)
    return found is not None and found[1].decode() == qn
