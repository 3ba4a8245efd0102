"""HJ 212 packets: bytes to packets and answers to bytes. Pure.

The check sum is weak: of a segment that ends in ``&&`` only 256 values occur, so one damaged
packet in 256 passes it. Hence the length is held to as well, in the lenient reading too: of
lengths that do not count the segment only those are taken that senders are known to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, NamedTuple

from edge_agent.hj212.segments import Malformed, Packet, parse, parse_leniently

MOST_BYTES = 1024
"""Of a data segment (HJ 212-2017, 6.3.1)."""
MOST_LENIENT_BYTES = 4096
"""Of one in the lenient reading: loggers with many codes do not split."""
_MARK = 2
"""``##`` before the digits of the length."""
_SUM, _LINE_END = 4, 2
"""Hexadecimal digits behind the segment; CR and LF behind those."""
_OVERSTATED = {4: "the check sum", 6: "check sum and CR LF", 12: "the whole packet"}
"""Bytes that a length may count beyond the segment, and what they are."""
_LATER_HEADS = 16
"""Heads behind one that waits for bytes at which a whole packet is looked for."""
_BLOCK = 16
_OPEN, _CLOSE = b"CP=&&", b"&&"

_TAILED = re.compile(rb"([0-9A-Fa-f]{4})\r\n")
_SUMMED = re.compile(rb"([0-9A-Fa-f]{4})")
_DIGITS = re.compile(rb"\d{0,4}")
# Encrypted are 2000 to 2999, 1014 and 3020 (HJ 212-2025).
_ENCRYPTED = re.compile(rb"QN=\d{17};ST=\d\d;CN=(?:2\d{3}|1014|3020);")
_ENCRYPTED_LENIENT = re.compile(rb"(?:^|;)\s*CN\s*=\s*(?:2\d{3}|1014|3020)\s*;", re.IGNORECASE)

Reason = Literal["garbage", "length", "ending", "check sum", "text", "form"]
Decrypt = Callable[[bytes], bytes]
"""Whole blocks of SM4."""


class Broken(NamedTuple):
    """Bytes that are no packet, and why; ``detail`` says where, ``data`` is what stands there."""

    reason: Reason
    skipped: int
    detail: str = ""
    data: bytes = b""


class Odd(NamedTuple):
    """An oddity around the packet before it, which was read all the same."""

    what: str


class _Cut(NamedTuple):
    packet: Packet
    size: int


Found = Packet | Broken | Odd


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


_TABLE = tuple(_entry(value) for value in range(256))


def check_sum(segment: bytes) -> int:
    """CRC of HJ 212 (annex A): the high byte of the register is xored with each byte."""
    register = 0xFFFF
    for byte in segment:
        register = _TABLE[register >> 8 ^ byte]
    return register


def answer(packet: Packet, cn: str) -> bytes:
    """The packet that says of another one: it is taken. One without QN is answered without."""
    number = f"QN={packet.qn};" if packet.qn else ""
    segment = (
        f"{number}ST=91;CN={cn};PW={packet.pw};MN={packet.mn};Flag={packet.version << 2};CP=&&&&"
    ).encode("ascii")
    return b"##%04d%s%04X\r\n" % (len(segment), segment, check_sum(segment))


def _is_loose(packet: Packet) -> bool:
    """Whether it has the form, and something is to be said of it all the same."""
    padded = packet.pw != packet.pw.strip() or packet.mn != packet.mn.strip()
    return padded or packet.version == 0


class Frames:
    """Cuts a stream into packets by the length field, and finds its way again after garbage.

    It holds one frame at most, whatever it is fed with. With ``decrypt`` only encrypted packets
    are taken where the standard encrypts. ``lenient`` takes what is as unambiguous as a packet of
    the standard's own form, with its oddities.
    """

    def __init__(self, decrypt: Decrypt | None = None, *, lenient: bool = False) -> None:
        self._decrypt = decrypt
        self._lenient = lenient
        self._most = MOST_LENIENT_BYTES if lenient else MOST_BYTES
        self._buffer = bytearray()
        self._ended = False
        """A packet was taken of which the end of its line was not seen yet."""

    @property
    def rest(self) -> bytes:
        """Bytes that wait for more."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Found]:
        """The packets that these bytes complete, in their order."""
        self._buffer += data
        found: list[Found] = []
        at = self._line_end(0, found)
        while (begin := self._buffer.find(b"##", at)) >= 0:
            self._skip(found, at, begin)
            at = begin
            one = self._at(begin) or self._later(begin, found)
            if one is None:
                break
            if isinstance(one, Broken):
                # Within what was no frame may lie one.
                found.append(one)
                at += 1
            elif isinstance(one, int):
                at = one
            else:
                found.append(one.packet)
                self._ended = self._lenient
                at = self._line_end(at + one.size, found)
        else:
            # A CR behind a packet waits for its LF, a # for another.
            waits = self._buffer.endswith(b"#") or (self._ended and self._buffer[at:] == b"\r")
            end = len(self._buffer) - waits
            self._skip(found, at, end)
            at = max(end, at)
        del self._buffer[:at]
        return found

    def _skip(self, found: list[Found], at: int, end: int) -> None:
        if end > at:
            found.append(Broken("garbage", end - at, "", bytes(self._buffer[at:end])))

    def _line_end(self, at: int, found: list[Found]) -> int:
        """Behind what ends a packet's line, once that can be told from what follows."""
        ending = bytes(self._buffer[at : at + _LINE_END])
        if not self._ended or ending in (b"", b"\r"):
            return at
        self._ended = False
        if ending == b"\r\n":
            return at + _LINE_END
        alone = {b"\r": "CR", b"\n": "LF"}.get(ending[:1])
        found.append(Odd(f"{alone} alone for CR LF" if alone else "no CR LF"))
        return at + bool(alone)

    def _later(self, begin: int, found: list[Found]) -> int | None:
        """Where a whole packet begins behind a head that waits for bytes; that head was none."""
        at = begin
        for _ in range(_LATER_HEADS if self._lenient else 0):
            at = self._buffer.find(b"##", at + 1)
            if at < 0:
                break
            if isinstance(self._at(at), _Cut):
                self._skip(found, begin, at)
                return at
        return None

    def _at(self, begin: int) -> _Cut | Broken | None:
        """The packet that begins here, or why there is none, or None while bytes are missing."""
        buffer, first = self._buffer, begin + _MARK
        digits = _DIGITS.match(bytes(buffer[first : first + 4]))
        written = digits[0] if digits else b""
        start = first + len(written)
        if len(buffer) < first + 4 and start == len(buffer):
            return None
        length = int(written or b"0")
        short = len(written) < 4
        if length > self._most or (short and not (self._lenient and length)):
            return Broken("length", 1, "", bytes(buffer[begin : begin + 40]))
        for more, what in ((0, ""), *(_OVERSTATED.items() if self._lenient else ())):
            if more > length:
                break
            end = start + length - more
            tail = bytes(buffer[end : end + _SUM])
            if more and (len(tail) < _SUM or buffer[end - 2 : end] != _CLOSE):
                continue
            one = self._read(begin, start, end)
            if isinstance(one, Packet):
                said = (f"length counts {what}",) * bool(more)
                said += (f"length of {len(written)} digits",) * short
                packet = replace(one, oddities=(*said, *one.oddities)) if said else one
                return _Cut(packet, end + _SUM + (0 if self._lenient else _LINE_END) - begin)
            if not more:
                reason = one
        return reason

    def _read(self, begin: int, start: int, end: int) -> Packet | Broken | None:
        """The packet whose segment stands between two places; None while bytes are missing."""
        behind = end + _SUM + (0 if self._lenient else _LINE_END)
        if len(self._buffer) < behind:
            return None
        whole = bytes(self._buffer[begin:behind])
        segment, tail = bytes(self._buffer[start:end]), bytes(self._buffer[end:behind])
        found = (_SUMMED if self._lenient else _TAILED).fullmatch(tail)
        if not found or not segment.rstrip(b" ").endswith(_CLOSE):
            return Broken("ending", 1, "", whole)
        plain = self._plain(segment)
        if check_sum(plain) != int(found[1], 16):
            return Broken("check sum", 1, "", whole)
        return self._parsed(plain, whole)

    def _parsed(self, plain: bytes, whole: bytes) -> Packet | Broken:
        printable = plain.isascii() and plain.decode("ascii").isprintable()
        one = parse(plain, whole) if printable else None
        if one is not None and not (self._lenient and _is_loose(one)):
            return one
        if not printable and not self._lenient:
            return Broken("text", 1, "", whole)
        try:
            read = parse_leniently(plain, whole)
        except Malformed as error:
            return Broken("form", 1, str(error), whole)
        return read if self._lenient else Broken("form", 1, ", ".join(read.oddities), whole)

    def _plain(self, segment: bytes) -> bytes:
        head, opened, rest = segment.partition(_OPEN)
        encrypted = _ENCRYPTED_LENIENT.search if self._lenient else _ENCRYPTED.match
        if self._decrypt is None or not encrypted(head if self._lenient else segment):
            return segment
        blocks = (len(rest) - len(_CLOSE)) // _BLOCK * _BLOCK
        if not opened or blocks <= 0:
            return segment
        return head + opened + self._decrypt(rest[:blocks]) + rest[blocks:]
