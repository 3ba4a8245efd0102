"""Text as it is compared: one form for all ways to write it. Pure.

A text has a phrase when it has all grams of it (a cheap question, which an index answers: see
blocks) and the phrase itself (asked of the few that are left). Grams need no dictionary, and find
any part of any word, of Chinese as of Latin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SAME = str.maketrans(
    {
        **dict.fromkeys("〔[【「『", "("),
        **dict.fromkeys("〕]】」』", ")"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("“”„〝〞", '"'),
        **dict.fromkeys("‘’`", "'"),
        "。": ".",
        "、": ",",
    }
)
"""Of marks that people exchange for each other: 〔2024〕, [2024] and (2024) are one number."""
_LEFT_OUT = ("Mn", "Cc", "Cf", "Cs")
"""Accents, controls, and halves of a character."""
_CHINESE = "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACES = re.compile(" +")
_IDLE = re.compile(f"(?<={_CHINESE}) | (?={_CHINESE})")
_WORD = re.compile(r'["“”„]([^"“”„]*)["“”„]|([^\s"“”„，、；]+)')


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared, and of each of its characters the index of the one in the text
    that was given.
    """

    text: str
    origins: Sequence[int]


def _character(given: str) -> str:
    """Half width, lower case, without accents; a space stays a space."""
    if given.isspace():
        return " "
    once = unicodedata.normalize("NFKD", given.translate(_SAME)).casefold()
    plain = unicodedata.normalize("NFKD", once).translate(_SAME)
    return "".join(
        " " if of.isspace() else of for of in plain if unicodedata.category(of) not in _LEFT_OUT
    )


class _Folds(dict[int, str]):
    """Of each character, as it is first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _character(chr(code)))


_FOLDS = _Folds()


def fold(text: str) -> str:
    """A text as it is compared. Several spaces are one; none stands beside a Chinese character,
    where it means nothing: files bring 2024 年 and 2024年 alike.
    """
    return _IDLE.sub("", _SPACES.sub(" ", text.translate(_FOLDS))).strip(" ")


def folded(text: str) -> Folded:
    """The same, with the origin of each character."""
    found: list[str] = []
    origins: list[int] = []
    for at, given in enumerate(text):
        for one in _FOLDS[ord(given)]:
            if one == " ":
                if not found or found[-1] == " " or _is_chinese(found[-1]):
                    continue
            elif found and found[-1] == " " and _is_chinese(one):
                found.pop()
                origins.pop()
            found.append(one)
            origins.append(at)
    if found and found[-1] == " ":
        found.pop()
        origins.pop()
    return Folded("".join(found), origins)


@lru_cache(maxsize=1 << 12)
def _is_chinese(character: str) -> bool:
    return re.match(_CHINESE, character) is not None


def words_of(text: str) -> tuple[str, ...]:
    """The words that somebody asks for, as they are compared: apart by spaces or 、，；, or as one
    phrase in quotation marks.
    """
    found = (fold(quoted or plain) for quoted, plain in _WORD.findall(text))
    return tuple(dict.fromkeys(word for word in found if word))
