"""Purposes of payments: whether two texts say the same, and words that show it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, Texts

_SIGNS = re.compile(r"[^\w%]+|_")
_WHICH = re.compile(
    r"\d+(?:[.年月日号季期批次]\d*)*|[一二三四五六七八九十]+(?=[月季期批次标段号年])|[上下]半年|[首尾]|[春夏秋冬]"
)
"""Parts of a text that tell one thing from the next of its kind."""
_MONTH = re.compile(r"\d+(?=月)|[一二三四1-4](?=季)")
"""The month or quarter that a payment is for."""


def alike(texts: Texts, one: int, other: int, least: float) -> bool:
    """Whether two rows are for the same, as far as is known: the same numbers, months and
    instalments, and a share ``least`` of pairs of signs in common.
    """
    a, b = texts.codes[one], texts.codes[other]
    if a == b or MISSING in (a, b):
        return True
    return _alike(*sorted((texts.values[a], texts.values[b]))) >= least


def kindred(texts: Texts, one: int, other: int, least: float) -> bool:
    """The same, whatever the numbers in the texts are."""
    a, b = texts.codes[one], texts.codes[other]
    if a == b or MISSING in (a, b):
        return True
    return _kindred(*sorted((texts.values[a], texts.values[b]))) >= least


def differ(texts: Texts, one: int, other: int) -> bool:
    """Whether two rows are known to have different ones."""
    a, b = texts.codes[one], texts.codes[other]
    return bool(
        a != b and MISSING not in (a, b) and _bare(texts.values[a]) != _bare(texts.values[b])
    )


def mistyped(texts: Texts, one: int, other: int) -> bool:
    """Whether two numbers differ by two signs that were exchanged."""
    a, b = (_bare(texts.at(row)) for row in (one, other))
    if len(a) != len(b):
        return False
    wrong = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]]


def agree(texts: Texts, one: int, other: int) -> bool:
    """Whether two rows are known to have the same."""
    a, b = texts.codes[one], texts.codes[other]
    return MISSING not in (a, b) and (a == b or _bare(texts.values[a]) == _bare(texts.values[b]))


def same_part(texts: Texts, one: int, other: int) -> bool:
    """Whether no number, month or instalment in the texts tells two rows apart."""
    a, b = (_narrow(texts.at(row)) for row in (one, other))
    return not a or not b or _WHICH.findall(a) == _WHICH.findall(b)


def months_apart(texts: Texts, rows: Sequence[int]) -> bool:
    """Whether each row names a month or quarter that no other one names."""
    named = [tuple(_MONTH.findall(_narrow(texts.at(row)))) for row in rows]
    return all(named) and len(set(named)) == len(named)


def without(texts: Texts, empty: Iterable[str]) -> Texts:
    """The column without texts that say nothing, as 费用报销."""
    said = {_bare(text) for text in empty}
    silent = [_bare(text) in said for text in texts.values]
    codes = np.where(np.array([*silent, True], bool)[texts.codes], MISSING, texts.codes)
    return Texts(codes.astype(np.int32), texts.values)


def is_specific(texts: Texts, row: int) -> bool:
    """Whether a text names its month, instalment or number, which tells it from others."""
    return bool(_WHICH.search(_narrow(texts.at(row))))


def holding(texts: Texts, words: Iterable[str]) -> NDArray[np.bool_]:
    """Rows whose text holds one of the words."""
    some = [word.casefold() for word in words]
    hits = [any(word in text.casefold() for word in some) for text in texts.values]
    return np.array([*hits, False], bool)[texts.codes]


@lru_cache(1 << 16)
def _alike(one: str, other: str) -> float:
    if _WHICH.findall(_narrow(one)) != _WHICH.findall(_narrow(other)):
        return 0.0
    return _kindred(one, other)


@lru_cache(1 << 16)
def _kindred(one: str, other: str) -> float:
    a, b = (_pairs(_SIGNS.sub("", _WHICH.sub("", _narrow(text)))) for text in (one, other))
    if not a or not b:
        return float(a == b)
    return len(a & b) / min(len(a), len(b))


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(text: str) -> str:
    return _SIGNS.sub("", _narrow(text))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(max(len(text) - 1, 1)) if text)
