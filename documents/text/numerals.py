"""Numbers of labels: 第一百二十条, 第一二〇条, 第12条, 第１２条."""

from __future__ import annotations

import unicodedata

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5,
    "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
CHARACTERS = "".join((*_DIGITS, *_TENS))
"""Every character of a Chinese number below ten thousand."""


def number_of(text: str) -> int | None:
    """The number that is written, None where it is none below ten thousand."""
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) <= 4 else None
    if plain and all(of in _DIGITS for of in plain):
        return int("".join(str(_DIGITS[of]) for of in plain)) if len(plain) <= 4 else None
    return _counted(plain)


def _counted(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _TENS:
            unit = _TENS[character]
            if unit >= last or digit == 0:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        else:
            return None
    return total + (digit or 0) if text else None


def counted(number: int) -> str:
    """A number below ten thousand as people say it: 十二, 一百零五, 一百一十."""
    plain, found, gap = str(number), "", False
    for at, figure in enumerate(plain):
        place = len(plain) - at - 1
        if figure == "0":
            gap = True
            continue
        if gap and found:
            found += "零"
        gap = False
        found += "零一二三四五六七八九"[int(figure)] + ("", "十", "百", "千")[place]
    return found.removeprefix("一") if 10 <= number < 20 else found or "零"


def digits(number: int) -> str:
    """A number figure by figure: 一二, 一〇五."""
    return "".join("〇一二三四五六七八九"[int(figure)] for figure in str(number))
