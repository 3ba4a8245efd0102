"""Figures of automatic numbers (ECMA-376 part 1, 17.18.59, ST_NumberFormat)."""

from __future__ import annotations

from documents.text.numerals import counted, digits

_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_COUNTED = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "koreanCounting", "japaneseDigitalTenThousand",
}  # fmt: skip
_FIGURES = {"ideographDigital", "taiwaneseDigital", "koreanDigital", "koreanDigital2"}
_FORMAL_ONES = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_CYCLES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_ENCLOSED = {
    "decimalEnclosedCircle": ("①", 20), "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20), "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}  # fmt: skip
"""The first of the signs, and how many there are."""


def written(number: int, form: str) -> str:
    """A number as a format writes it; in plain figures where the format is rare."""
    if not 0 <= number < 10_000:
        return str(number)
    if form in ("none", "bullet"):
        return ""
    if form in _FIGURES or (form == "chineseCounting" and number >= 100):
        return digits(number)
    if form in _COUNTED:
        return counted(number)
    if form in _FORMAL_ONES:
        return counted(number).translate(_FORMAL)
    return _foreign(number, form)


def _foreign(number: int, form: str) -> str:
    if form in _ENCLOSED and 1 <= number <= _ENCLOSED[form][1]:
        return chr(ord(_ENCLOSED[form][0]) + number - 1)
    if form in _CYCLES and 1 <= number <= len(_CYCLES[form]):
        return _CYCLES[form][number - 1]
    if form.endswith("Roman"):
        return _cased(_roman(number), form)
    if form.endswith("Letter"):
        return _cased(chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1), form)
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord("０") + int(of)) for of in str(number))
    return f"{number:02}" if form == "decimalZero" else str(number)


def _cased(text: str, form: str) -> str:
    return text.lower() if form.startswith("lower") else text


def _roman(number: int) -> str:
    found = ""
    for worth, sign in _ROMAN:
        found += sign * (number // worth)
        number %= worth
    return found
