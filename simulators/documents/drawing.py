"""Sentences with choices: ``[a|b]`` one of several, ``{2-9}`` a number, ``{一2-9}`` one in
Chinese, ``{元}`` and ``{元大}`` amounts of yuan, ``{P}`` a name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"\{(一?)(\d+)-(\d+)\}")
_DIGITS = "零一二三四五六七八九"
_AMOUNTS = ("50", "100", "200", "300", "500", "800", "1000", "2000", "3000", "5000")
_LARGE = ("10000", "20000", "30000", "50000", "100000")


def chinese(number: int) -> str:
    """A number below 2,000 as articles are numbered."""
    if number >= 1000:
        rest = number % 1000
        return f"一千{'零' if 0 < rest < 100 else ''}{_below_thousand(rest)}"
    return _below_thousand(number)


def _below_thousand(number: int) -> str:
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        tail = f"一{chinese(rest)}" if 10 <= rest < 20 else chinese(rest)
        return f"{_DIGITS[hundreds]}百{'零' if 0 < rest < 10 else ''}{tail if rest else ''}"
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def day(on: date) -> str:
    """As documents write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def chosen(sentence: str, drawn: random.Random) -> str:
    """A sentence with every choice made, the innermost first; names still stand open."""
    while _CHOICE.search(sentence):
        sentence = _CHOICE.sub(lambda found: drawn.choice(found[1].split("|")), sentence)
    return sentence


def said(sentence: str, drawn: random.Random, named: Mapping[str, str]) -> str:
    """A sentence with every choice made and every name put in.

    Args:
        sentence: with choices.
        drawn: makes them.
        named: by the sign between braces.
    """
    text = chosen(sentence, drawn)
    text = _NUMBER.sub(lambda found: _number(found, drawn), text)
    while "{元大}" in text:
        text = text.replace("{元大}", drawn.choice(_LARGE), 1)
    while "{元}" in text:
        text = text.replace("{元}", drawn.choice(_AMOUNTS), 1)
    for sign, name in named.items():
        text = text.replace(f"{{{sign}}}", name)
    return text


def _number(found: re.Match[str], drawn: random.Random) -> str:
    number = drawn.randint(int(found[2]), int(found[3]))
    return chinese(number) if found[1] else str(number)
