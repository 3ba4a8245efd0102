"""Data segments of HJ 212: their head field by field, and the answer to one. Pure.

``parse`` holds to the letter of HJ 212-2017 (6.3.2); ``parse_leniently`` reads what means the same
and can mean nothing else, and says in ``Packet.oddities`` what was not as the standard has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_EAST = timezone(timedelta(hours=8))
_SEGMENT = re.compile(
    r"QN=(?P<qn>\d{17});ST=(?P<st>\d\d);CN=(?P<cn>\d{4});PW=(?P<pw>[^;=&,]{1,20});"
    r"MN=(?P<mn>[^;=&,]{1,24});Flag=(?P<flag>\d{1,3});"
    r"(?:PNUM=(?P<pnum>\d{1,4});PNO=(?P<pno>\d{1,4});)?(?P<rf>RF=1;)?CP=&&(?P<cp>.*)&&",
    re.ASCII,
)
_FIELD = re.compile(r"([A-Za-z0-9_-]{1,40})=([^;,=&]*)")
_TIME = re.compile(r"(\d{4})" + r"(\d\d)" * 5, re.ASCII)
_OPENING = re.compile(r";?\s*CP\s*=\s*&&", re.IGNORECASE)
_HEAD = ("QN", "ST", "CN", "PW", "MN", "FLAG")
_KNOWN = (*_HEAD, "PNUM", "PNO", "RF")
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_MOST_NAMED = 8
"""Oddities of one packet that are named."""


class Malformed(Exception):
    """The data of a packet cannot be read; the text says what."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. ``cp`` is what stands between the two ``&&``; ``oddities`` are what in it is not
    as the standard has it.
    """

    qn: str
    st: str
    cn: str
    pw: str
    mn: str
    flag: int | None
    pnum: int | None
    pno: int | None
    rf: bool
    cp: str
    oddities: tuple[str, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The frame as it came."""

    @property
    def sent_ms(self) -> int | None:
        """When it was sent, by QN, or sent first; None where QN is none."""
        at_ms = instant_ms(self.qn[:14])
        rest = self.qn[14:]
        return None if at_ms is None else at_ms + (int(rest) if rest else 0)

    @property
    def wants_answer(self) -> bool:
        """Bit 1 of Flag; a packet without Flag (HJ/T 212-2005 had it optional) wants none."""
        return bool(self.flag and self.flag & 1)

    @property
    def version(self) -> int:
        """Flag without its two lowest bits: 0 in HJ/T 212-2005, 1 in HJ 212-2017, 2 in 2025."""
        return (self.flag or 0) >> 2

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


@lru_cache(maxsize=32)
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


def parse(segment: bytes, raw: bytes = b"") -> Packet | None:
    """A data segment in plain text; None when it has not the form of one."""
    if not segment.isascii():
        return None
    found = _SEGMENT.fullmatch(segment.decode("ascii"))
    if not found or instant_ms(found["qn"][:14]) is None:
        return None
    flag = int(found["flag"])
    pnum, pno = (int(found[key]) if found[key] else None for key in ("pnum", "pno"))
    split = bool(flag & 2)
    if split != (pnum is not None) or (split and not 1 <= (pno or 0) <= (pnum or 0)):
        return None
    qn, st, cn, pw, mn = found.group("qn", "st", "cn", "pw", "mn")
    return Packet(qn, st, cn, pw, mn, flag, pnum, pno, bool(found["rf"]), found["cp"], raw=raw)


def parse_leniently(segment: bytes, raw: bytes = b"") -> Packet:
    """A data segment whose fields stand in any order, in any case, or are left out where another
    tells as much.

    Raises:
        Malformed: it has no data, or does not say who speaks of what.
    """
    text, oddities = _decoded(segment)
    opening = _OPENING.search(text)
    if not opening or not text.rstrip().endswith("&&"):
        raise Malformed("no CP=&& with data and && behind it")
    cp = text.rstrip()[opening.end() : -2]
    if len(text.rstrip()) - 2 < opening.end():
        raise Malformed("no && behind the data")
    if not opening[0].startswith(";"):
        oddities.append("no ; before CP")
    head = _head_of(text[: opening.start()], oddities)
    for name in ("CN", "PW", "MN"):
        if not head.get(name):
            raise Malformed(f"no {name}")
    if not re.fullmatch(r"\d{4}", head["CN"], re.ASCII):
        raise Malformed("CN is not four digits")
    qn, flag = _number_of(head, oddities), _flag_of(head, oddities)
    pnum, pno = _part_of(head, flag, oddities)
    if len(head["PW"]) > 20:
        oddities.append("PW is longer than 20")
    if not re.fullmatch(r"\d\d", head.get("ST", ""), re.ASCII):
        oddities.append("ST is not two digits" if head.get("ST") else "no ST")
    return Packet(
        qn=qn,
        st=head.get("ST", ""),
        cn=head["CN"],
        pw=head["PW"],
        mn=head["MN"],
        flag=flag,
        pnum=pnum,
        pno=pno,
        rf=head.get("RF", "") == "1",
        cp=cp,
        oddities=tuple(dict.fromkeys(oddities))[:_MOST_NAMED],
        raw=raw,
    )


def _decoded(segment: bytes) -> tuple[str, list[str]]:
    """The text, by whichever character set fits: the fields that count are ASCII in each."""
    if segment.isascii():
        return segment.decode("ascii"), []
    for charset in ("utf-8", "gb18030"):
        try:
            return segment.decode(charset), [f"{charset.upper()} text"]
        except UnicodeDecodeError:
            continue
    return segment.decode("latin-1"), ["text of no known character set"]


def _head_of(text: str, oddities: list[str]) -> dict[str, str]:
    """The fields before the data, with names in capitals; those that nobody knows are passed over.

    Raises:
        Malformed: a known one stands twice with two values.
    """
    head: dict[str, str] = {}
    order: list[str] = []
    for piece in text.split(";"):
        name, equals, value = (part.strip() for part in piece.partition("="))
        key = name.upper()
        if not equals or key not in _KNOWN:
            oddities.append(
                f"{piece.strip()[:20]!r} in the head" if piece.strip() else "empty head field"
            )
            continue
        if head.setdefault(key, value) != value:
            raise Malformed(f"{name} stands twice")
        if piece != f"{'Flag' if key == 'FLAG' else key}={value}":
            oddities.append(f"{key} is written otherwise")
        order.append(key)
    if order != sorted(order, key=_KNOWN.index):
        oddities.append("head fields in another order")
    return head


def _number_of(head: Mapping[str, str], oddities: list[str]) -> str:
    """QN, or nothing where it is none: then only its sender's answer would need it."""
    qn = head.get("QN", "")
    digits = re.fullmatch(r"\d{14}(?:\d{3})?", qn, re.ASCII)
    if digits and instant_ms(qn[:14]) is not None:
        if len(qn) == 14:
            oddities.append("QN of 14 digits")
        return qn
    oddities.append("QN is no time" if qn else "no QN")
    return qn if re.fullmatch(r"[0-9A-Za-z]{1,24}", qn) else ""


def _flag_of(head: Mapping[str, str], oddities: list[str]) -> int | None:
    flag = head.get("FLAG", "")
    if re.fullmatch(r"\d{1,3}", flag, re.ASCII):
        if int(flag) < 4:
            oddities.append(f"Flag {flag} is of 2005")
        return int(flag)
    oddities.append("Flag is no number" if flag else "no Flag")
    return None


def _part_of(
    head: Mapping[str, str], flag: int | None, oddities: list[str]
) -> tuple[int | None, int | None]:
    """PNUM and PNO; a packet that is not said to be one of several is whole."""
    texts = [head.get(name, "") for name in ("PNUM", "PNO")]
    split = bool(flag and flag & 2)
    if not any(texts):
        if split:
            oddities.append("Flag tells of parts, without PNUM and PNO")
        return None, None
    numbers = [int(text) for text in texts if _NUMBER.fullmatch(text)]
    if len(numbers) == 2 and 1 <= numbers[1] <= numbers[0]:
        if not split:
            oddities.append("PNUM and PNO, and Flag tells of no parts")
        return (numbers[0], numbers[1]) if split or numbers[0] > 1 else (None, None)
    oddities.append("PNUM and PNO are no part of a whole")
    return None, None
