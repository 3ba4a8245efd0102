"""How close two suggestions are, by the pairs of characters that they share. Pure.

A pair counts by its rarity among all suggestions (BM25: Robertson and Zaragoza 2009, section 3.3),
so names of locations and the words of a matter count, and phrases of every letter do not. Pairs
need no dictionary, and what two texts have in common can be shown to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from api.search.folding import fold

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_COLUMNS = 2**18
"""Two pairs of characters that fall into one column are rare and do little harm."""
_TITLE_COUNTS = 3
"""A pair of the title stands for so many of the body."""
_SATURATION, _LENGTH = 1.2, 0.6
"""k1 and b of BM25."""
_BETWEEN, _GAP = re.compile(r"\W+"), "\n"
_SHORTEST_SHARED, _MOST_SHARED = 2, 4
NEAREST = 30
"""So many earlier suggestions speak for a unit."""


@dataclass(frozen=True, slots=True)
class Written:
    """A suggestion as it is compared. ``unit`` is the one that handled it in the end."""

    id: int
    title: str
    body: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier suggestion: how close it is, from 0 to 1 as the text is to itself, and phrases
    that both have, the most telling first.
    """

    id: int
    closeness: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit that handled such suggestions: its share of their weight, and the closest of them."""

    unit: str
    share: float
    because: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A suggestion with the columns of its pairs, each once, and how often each stands there."""

    written: Written
    columns: Ints
    counts: Ints


def counted(written: Written) -> Counted:
    """Cut a suggestion into pairs, which is the dear part of comparing."""
    return Counted(written, *_counts(written.title, written.body))


class Corpus:
    """Suggestions that were cut once, for many questions. Never changes."""

    def __init__(self, given: Iterable[Counted]) -> None:
        rows = tuple(given)
        self.written = tuple(of.written for of in rows)
        lengths = [int(of.counts.sum()) for of in rows]
        self._mean = sum(lengths) / len(rows) if rows else 1.0
        weights = [
            _saturated(of.counts, length, self._mean)
            for of, length in zip(rows, lengths, strict=True)
        ]
        columns = np.concatenate([np.array([], np.int64), *(of.columns for of in rows)])
        data = np.concatenate([np.array([]), *weights])
        starts = np.cumsum([0, *(len(of.columns) for of in rows)])
        self._weights = sparse.csr_matrix((data, columns, starts), shape=(len(rows), _COLUMNS))
        having = np.bincount(columns, minlength=_COLUMNS)
        self._rarity: Floats = np.log1p((len(rows) - having + 0.5) / (having + 0.5))

    def similar(self, title: str, body: str, most: int) -> tuple[Match, ...]:
        """The closest suggestions, the closest first.

        Args:
            title: of the text that is being written.
            body: of it, as far as it is written.
            most: so many at most.
        """
        scores = self._scores(title, body)
        found = np.argsort(-scores, kind="stable")[:most]
        return tuple(
            Match(self.written[at].id, float(scores[at]), self._shared(title, body, at))
            for at in found
            if scores[at] > 0
        )

    def units(
        self, title: str, body: str, known: Sequence[str], most: int
    ) -> tuple[Proposal, ...]:
        """The units that handled the closest suggestions, the most likely first.

        Args:
            title: of the suggestion that is to be assigned.
            body: of it.
            known: the units that there are today.
            most: so many at most.
        """
        scores = self._scores(title, body)
        nearest = [
            (self.written[at], float(scores[at]))
            for at in np.argsort(-scores, kind="stable")
            if scores[at] > 0 and self.written[at].unit in known
        ][:NEAREST]
        weights: dict[str, float] = {}
        because: dict[str, list[int]] = {}
        for one, score in nearest:
            assert one.unit is not None
            weights[one.unit] = weights.get(one.unit, 0.0) + score**2
            because.setdefault(one.unit, []).append(one.id)
        total = sum(weights.values())
        ranked = sorted(weights, key=lambda unit: -weights[unit])[:most]
        return tuple(
            Proposal(unit, weights[unit] / total, tuple(because[unit][:3])) for unit in ranked
        )

    def _scores(self, title: str, body: str) -> Floats:
        columns, counts = _counts(title, body)
        if not len(self.written) or not len(columns):
            return np.zeros(len(self.written))
        asked = np.zeros(_COLUMNS)
        asked[columns] = np.minimum(counts, _TITLE_COUNTS) * self._rarity[columns]
        own = float(_saturated(counts, float(counts.sum()), self._mean) @ asked[columns])
        scores: Floats = np.asarray(self._weights @ asked) / own
        return scores

    def _shared(self, title: str, body: str, at: int) -> tuple[str, ...]:
        """Runs of neighbours that both texts have, by their weight."""
        other = self.written[at]
        theirs = _cut(f"{other.title}\n{other.body}")
        found: dict[str, float] = {}
        for run in _cut(f"{title}\n{body}").split(_GAP):
            for phrase in _common(run, theirs):
                found[phrase] = float(self._rarity[_columns(phrase)].sum())
        ranked = sorted(found, key=lambda phrase: -found[phrase])
        kept: list[str] = []
        for phrase in ranked:
            if not any(phrase in longer for longer in kept):
                kept.append(phrase)
        return tuple(kept[:_MOST_SHARED])


def _cut(text: str) -> str:
    """As it is compared, with a gap for all that is no letter, sign or digit."""
    return _BETWEEN.sub(_GAP, fold(text))


def _columns(text: str) -> Ints:
    """The column of each pair of neighbours of a text that was cut; none goes over a gap."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    first, second = codes[:-1], codes[1:]
    apart = (first == ord(_GAP)) | (second == ord(_GAP))
    return np.asarray(((first * 40_503 + second) * 2_654_435_761 % 2**40 >> 22)[~apart])


def _counts(title: str, body: str) -> tuple[Ints, Ints]:
    every = [*[_columns(_cut(title))] * _TITLE_COUNTS, _columns(_cut(body))]
    columns, counts = np.unique(np.concatenate(every), return_counts=True)
    return columns, counts


def _saturated(counts: Ints, length: float, mean: float) -> Floats:
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * length / mean)
    return np.asarray(counts * (_SATURATION + 1) / (counts + norm))


def _common(run: str, text: str) -> Iterable[str]:
    """The longest parts of a run that stand in a text, from left to right."""
    start = 0
    while start < len(run) - 1:
        end = start + _SHORTEST_SHARED
        if run[start:end] not in text:
            start += 1
            continue
        while end < len(run) and run[start : end + 1] in text:
            end += 1
        yield run[start:end]
        start = end
