"""HJ 212 packets: bytes to packets and answers to bytes. Pure.

The check sum is weak: of a segment that ends in ``&&`` only 256 values occur, so one damaged
packet in 256 passes it. Hence everything else of the form is held to as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal, NamedTuple

MOST_BYTES = 1024
"""Of a data segment."""
_HEAD, _TAIL = 6, 6
"""``##`` and four digits before the segment; four hexadecimal digits, CR and LF behind it."""
_BLOCK = 16
_OPEN, _CLOSE = b"CP=&&", b"&&"
_EAST = timezone(timedelta(hours=8))

_SEGMENT = re.compile(
    r"QN=(?P<qn>\d{17});ST=(?P<st>\d\d);CN=(?P<cn>\d{4});PW=(?P<pw>[^;=&,]{1,20});"
    r"MN=(?P<mn>[^;=&,]{1,24});Flag=(?P<flag>\d{1,3});"
    r"(?:PNUM=(?P<pnum>\d{1,4});PNO=(?P<pno>\d{1,4});)?(?P<rf>RF=1;)?CP=&&(?P<cp>.*)&&",
    re.ASCII,
)
_FIELD = re.compile(r"([A-Za-z0-9_-]{1,40})=([^;,=&]*)")
_TIME = re.compile(r"(\d{4})" + r"(\d\d)" * 5, re.ASCII)
_TAILED = re.compile(rb"([0-9A-Fa-f]{4})\r\n")
# Encrypted are 2000 to 2999, 1014 and 3020 (HJ 212-2025).
_ENCRYPTED = re.compile(rb"QN=\d{17};ST=\d\d;CN=(?:2\d{3}|1014|3020);")

Reason = Literal["garbage", "length", "ending", "check sum", "text", "form"]
Decrypt = Callable[[bytes], bytes]
"""Whole blocks of SM4."""


class Broken(NamedTuple):
    """Bytes that are no packet, and why."""

    reason: Reason
    skipped: int


class Malformed(Exception):
    """The data of a packet cannot be read; the text says what."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. ``cp`` is what stands between the two ``&&``."""

    qn: str
    st: str
    cn: str
    pw: str
    mn: str
    flag: int
    pnum: int | None
    pno: int | None
    rf: bool
    cp: str

    @property
    def sent_ms(self) -> int:
        """When it was sent, by QN, or sent first."""
        return (instant_ms(self.qn[:14]) or 0) + int(self.qn[14:])

    @property
    def wants_answer(self) -> bool:
        """Bit 1 of Flag."""
        return bool(self.flag & 1)

    @property
    def version(self) -> int:
        """Flag without its two lowest bits: 1 in HJ 212-2017, 2 in HJ 212-2025."""
        return self.flag >> 2

    def groups(self) -> list[dict[str, str]]:
        """The fields of each group; one ``;`` too many at the end is common, and harmless.

        Raises:
            Malformed: not fields with values, or one of them twice, in whatever case.
        """
        found: list[dict[str, str]] = []
        seen: set[str] = set()
        for group in self.cp.removesuffix(";").split(";") if self.cp else ():
            fields = [_FIELD.fullmatch(text) for text in group.split(",")]
            pairs = [(field[1], field[2]) for field in fields if field]
            if len(pairs) < len(fields):
                raise Malformed(f"{group[:60]!r} is not fields with values")
            for name, _ in pairs:
                if name.lower() in seen:
                    raise Malformed(f"{name} stands twice")
                seen.add(name.lower())
            found.append(dict(pairs))
        return found

    def fields(self) -> Mapping[str, str]:
        """All fields of all groups.

        Raises:
            Malformed: as ``groups``.
        """
        return {name: value for group in self.groups() for name, value in group.items()}


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


def instant_ms(text: str) -> int | None:
    """``YYYYMMDDhhmmss`` of Asia/Shanghai as UTC epoch ms; None when it is no such time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=_EAST)
    except ValueError:
        return None
    return int(at.timestamp()) * 1000


def answer(packet: Packet, cn: str) -> bytes:
    """The packet that says of another one: it is taken."""
    segment = (
        f"QN={packet.qn};ST=91;CN={cn};PW={packet.pw};MN={packet.mn};"
        f"Flag={packet.version << 2};CP=&&&&"
    ).encode("ascii")
    return b"##%04d%s%04X\r\n" % (len(segment), segment, check_sum(segment))


def parse(segment: bytes) -> Packet | None:
    """A data segment in plain text; None when it has not the form of one."""
    found = _SEGMENT.fullmatch(segment.decode("ascii"))
    if not found or instant_ms(found["qn"][:14]) is None:
        return None
    flag = int(found["flag"])
    pnum, pno = (int(found[key]) if found[key] else None for key in ("pnum", "pno"))
    split = bool(flag & 2)
    if split != (pnum is not None) or (split and not 1 <= (pno or 0) <= (pnum or 0)):
        return None
    qn, st, cn, pw, mn = found.group("qn", "st", "cn", "pw", "mn")
    return Packet(qn, st, cn, pw, mn, flag, pnum, pno, bool(found["rf"]), found["cp"])


def _skip(found: list[Packet | Broken], count: int) -> None:
    if count > 0:
        found.append(Broken("garbage", count))


class Frames:
    """Cuts a stream into packets by the length field, and finds its way again after garbage.

    It holds one frame at most, whatever it is fed with. With ``decrypt`` only encrypted packets
    are taken where the standard encrypts.
    """

    def __init__(self, decrypt: Decrypt | None = None) -> None:
        self._decrypt = decrypt
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Packet | Broken]:
        """The packets that these bytes complete, in their order."""
        self._buffer += data
        found: list[Packet | Broken] = []
        at = 0
        while (begin := self._buffer.find(b"##", at)) >= 0:
            _skip(found, begin - at)
            at = begin
            one = self._at(begin)
            if one is None:
                break
            if isinstance(one, Packet):
                found.append(one)
                at += self._length(begin) + _HEAD + _TAIL
            else:
                # Within what was no frame may lie one.
                found.append(Broken(one, 1))
                at += 1
        else:
            end = len(self._buffer) - self._buffer.endswith(b"#")
            _skip(found, end - at)
            at = max(end, at)
        del self._buffer[:at]
        return found

    def _length(self, begin: int) -> int:
        return int(self._buffer[begin + 2 : begin + _HEAD])

    def _at(self, begin: int) -> Packet | Reason | None:
        """The packet that begins here, or why there is none, or None while bytes are missing."""
        buffer = self._buffer
        digits = bytes(buffer[begin + 2 : begin + _HEAD])
        if digits and (not digits.isdigit() or int(digits) > MOST_BYTES):
            return "length"
        end = begin + _HEAD + int(digits or b"0")
        if len(digits) < _HEAD - 2 or len(buffer) < end + _TAIL:
            return None
        return self._read(bytes(buffer[begin + _HEAD : end]), bytes(buffer[end : end + _TAIL]))

    def _read(self, segment: bytes, tail: bytes) -> Packet | Reason:
        found = _TAILED.fullmatch(tail)
        if not found or not segment.endswith(_CLOSE):
            return "ending"
        plain = self._plain(segment)
        if check_sum(plain) != int(found[1], 16):
            return "check sum"
        if not (plain.isascii() and plain.decode("ascii").isprintable()):
            return "text"
        return parse(plain) or "form"

    def _plain(self, segment: bytes) -> bytes:
        if self._decrypt is None or not _ENCRYPTED.match(segment):
            return segment
        head, opened, rest = segment.partition(_OPEN)
        blocks = (len(rest) - len(_CLOSE)) // _BLOCK * _BLOCK
        if not opened or blocks <= 0:
            return segment
        return head + opened + self._decrypt(rest[:blocks]) + rest[blocks:]
