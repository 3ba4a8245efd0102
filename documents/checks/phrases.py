"""Phrases as people write them in a check, and what they match.

``…`` is up to 20 signs of the same clause, ``~`` up to 8 without a comma, ``#`` a number,
``(a|b)`` one of several (``(a|)`` may be absent), ``{name}`` one of the check's words of that
name, ``^`` the begin of the clause, ``《法》`` the quoted title of a law, ``《》`` any quoted
title. Gaps are bounded, so that no phrase takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

_LAW = (
    r"《(?![^》]*(?:(?<![城乡])镇|街道|村规|公约|社区(?!矫正)|协议|合同(?!法)|考核|守则))[^》]{1,60}?"
    r"(?:法典|法|条例|规定|办法|细则|规则)(?:[（(][^）)]{1,12}[）)])?》"
)
_SIGNS = {
    "…": r"[^。；\n]{0,20}?",
    "~": r"[^，。；：、\n]{0,8}?",
    "#": r"[\d〇零一二三四五六七八九十百千万两.．]{1,10}",
    "(": "(?:",
    ")": ")",
    "|": "|",
    "^": "^",
}
_TOKEN = re.compile(r"《法》|《》|\{[^{}]*\}|.", re.DOTALL)
MOST_GAPS = 5
LONGEST = 400
FaultKey = Literal["words", "gaps", "bracket", "unreadable", "no-words"]


class PhraseFault(ValueError):
    """A phrase that does not hold: ``phrase`` as it was written, ``key`` why, ``name`` the words
    that it lacks.
    """

    def __init__(self, phrase: str, key: FaultKey, what: str, name: str = "") -> None:
        super().__init__(f"{phrase!r}: {what}")
        self.phrase, self.key, self.name = phrase, key, name


def compiled(phrases: Iterable[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """One pattern of several phrases.

    Raises:
        PhraseFault: a phrase does not hold; the text names it and the remedy.
    """
    found = [_expression(phrase, words) for phrase in phrases]
    return re.compile("|".join(f"(?:{of})" for of in found) or r"(?!)")


def _expression(phrase: str, words: Mapping[str, Sequence[str]]) -> str:
    if not phrase.strip("…~#|()^ ") or len(phrase) > LONGEST:
        raise PhraseFault(phrase, "words", f"write words of 1 to {LONGEST} signs")
    if phrase.count("…") + phrase.count("~") > MOST_GAPS:
        raise PhraseFault(phrase, "gaps", f"has too many gaps; leave {MOST_GAPS} at most")
    if phrase.count("(") != phrase.count(")"):
        raise PhraseFault(phrase, "bracket", "a bracket is missing; close what opens")
    parts = [_sign(sign, phrase, words) for sign in _TOKEN.findall(phrase)]
    try:
        re.compile("".join(parts))
    except re.error as error:
        what = f"cannot be read ({error}); mend its brackets"
        raise PhraseFault(phrase, "unreadable", what) from error
    return "".join(parts)


def _sign(sign: str, phrase: str, words: Mapping[str, Sequence[str]]) -> str:
    if sign == "《法》":
        return _LAW
    if sign == "《》":
        return "《[^》]{1,80}》"
    if sign.startswith("{") and len(sign) > 1:
        name = sign[1:-1]
        if not words.get(name):
            what = f"there are no words of {name!r}; add them"
            raise PhraseFault(phrase, "no-words", what, name)
        return f"(?:{'|'.join(re.escape(of) for of in words[name])})"
    return _SIGNS.get(sign, re.escape(sign))
