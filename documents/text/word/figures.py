"""Figures of automatic numbers (ECMA-376 part 1, 17.18.59, ST_NumberFormat)."""

from __future__ import annotations

from documents.text.numerals import counted, digits

_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_COUNTED = {
    "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "koreanCounting", "japaneseDigitalTenThousand",
}  # fmt: skip
_FIGURES = {"ideographDigital", "taiwaneseDigital", "koreanDigital", "koreanDigital2"}
_FORMAL_ONES = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def written(number: int, form: str) -> str:
    """A number as a format writes it; in plain figures where the format is rare."""
    if form in _COUNTED:
        return counted(number)
    if form == "chineseCounting":
        return counted(number) if number < 100 else digits(number)
    if form in _FIGURES:
        return digits(number)
    if form in _FORMAL_ONES:
        return counted(number).translate(_FORMAL)
    if form in ("none", "bullet"):
        return ""
    return _foreign(number, form)


def _foreign(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form == "decimalZero":
        return f"{number:02}"
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord("０") + int(of)) for of in str(number))
    if form.startswith("decimalEnclosed") and 1 <= number <= 20:
        first = {"decimalEnclosedParen": "⑴", "decimalEnclosedFullstop": "⒈"}.get(form, "①")
        return chr(ord(first) + number - 1)
    if form == "ideographEnclosedCircle" and 1 <= number <= 10:
        return chr(ord("㈠") + number - 1)
    if form == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if form == "ideographZodiac" and 1 <= number <= 12:
        return _BRANCHES[number - 1]
    return str(number)


def _roman(number: int) -> str:
    found = ""
    for worth, sign in _ROMAN:
        found += sign * (number // worth)
        number %= worth
    return found
