"""How close two suggestions are, and which unit handles such ones. Pure.

Whoever raises a matter again writes it in other words; the location stays. So earlier suggestions
are ranked by the names of locations that both texts have, and by the topics that either seems to
have, learned from the topics that the office gave. Both count by rarity (tf-idf), topics by pairs
of characters, which need no dictionary.

The unit is that of a complement naive Bayes classifier (Rennie and others 2003, section 3.1), with
what the office's topic says where it is given. What a town handles for itself is learned for all
towns together. The nearest earlier suggestions that a unit handled are the evidence.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from api.search.folding import fold

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_COLUMNS = 2**20
"""Two pairs of characters that fall into one column are rare and do little harm."""
_TITLE_COUNTS = 3
"""A pair of the title stands for so many of the body."""
_MOST_COUNTED = 3
_ANY_TOPIC = 0.1
"""Likeness of topic that every two texts have. Chosen on simulated years of seeds 1 to 3, as all
weights here.
"""
_WORDS_WEIGH = 0.05
_SHARPNESS = 1.5
_SMOOTHING = 0.3
_TOPIC_WEIGHS = 0.5
"""Of the logarithm of a unit's share of a topic, beside the words: on seeds 1 to 6 so much helps
also where every fifth topic is a wrong one, and twice as much helps less there.
"""
_TOWN = "town"
"""Stands for the suggestion's own town among the units."""
_BETWEEN, _GAP = re.compile(r"\W+"), "\n"
_LOCATION = re.compile(
    "新村|村|社区|小区|花苑|花园|家园|苑|公寓|路|街|大道|巷|弄|河|港|湖|塘|渠|圩|埭|桥|闸|"
    "中学|初中|高中|小学|幼儿园|学校|医院|卫生院|市场|广场|公园|车站|园区|厂|镇|街道|乡|[0-9]+组"
)
"""Ends of names of locations; the name is what stands before."""
_NAME_LENGTHS = (2, 3, 4)
"""Characters before such an end."""
_SHORTEST_SHARED, _MOST_SHARED, _EVIDENCE = 2, 4, 3


@dataclass(frozen=True, slots=True)
class Written:
    """A suggestion as it is compared. ``topic`` is the office's, ``unit`` the one that handled it
    in the end.
    """

    id: int
    title: str
    body: str
    town: str | None = None
    topic: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier suggestion: how close it is, from 0 to 1, and phrases that both have, the most
    telling first.
    """

    id: int
    closeness: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit that handled such suggestions, and the closest of these."""

    unit: str
    because: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A suggestion with the columns of its pairs and of its names of locations, each once, and how
    often each stands there.
    """

    written: Written
    pairs: tuple[Ints, Ints]
    names: tuple[Ints, Ints]

    def succeeded(self, heirs: Mapping[str, str]) -> Counted:
        """With the successors of former units in their place, by id."""
        of = self.written
        if not heirs.keys() & {of.town, of.unit}:
            return self
        town, unit = (heirs.get(one or "", one) for one in (of.town, of.unit))
        return replace(self, written=replace(of, town=town, unit=unit))


def counted(written: Written) -> Counted:
    """Cut a suggestion into parts, which is the dear part of comparing."""
    title, body = _cut(written.title), _cut(written.body)
    parts = [
        np.unique(np.concatenate([*[cut(title)] * _TITLE_COUNTS, cut(body)]), return_counts=True)
        for cut in (_pairs, _names)
    ]
    return Counted(written, *parts)


class Corpus:
    """Suggestions that were cut once, for many questions. Never changes."""

    def __init__(self, given: Iterable[Counted]) -> None:
        rows = tuple(given)
        self.written = tuple(of.written for of in rows)
        self._pairs = _Weighed([of.pairs for of in rows])
        self._names = _Weighed([of.names for of in rows])
        self._topics = _Kinds(self._pairs.counts, [of.written.topic for of in rows])
        self._units = _Kinds(self._pairs.counts, [_label(of.written) for of in rows])
        self._of_topic = self._shares()

    def similar(self, asked: Written, most: int) -> tuple[Match, ...]:
        """The closest suggestions, the closest first; ``asked`` as far as it is written."""
        if not self.written:
            return ()
        of = counted(asked)
        alike = self._pairs.closeness(*of.pairs)
        near = self._names.closeness(*of.names) if len(of.names[0]) else alike
        likely = (_ANY_TOPIC + self._topics.closeness(*of.pairs)) / (_ANY_TOPIC + 1)
        scores = (near * likely + _WORDS_WEIGH * alike) / (1 + _WORDS_WEIGH)
        found = [at for at in np.argsort(-scores, kind="stable")[:most] if scores[at] > 0]
        shared = _Shared(asked, self._pairs.rarity)
        return tuple(
            Match(self.written[at].id, float(scores[at]), shared.with_(self.written[at]))
            for at in found
        )

    def units(self, asked: Written, known: Collection[str], most: int) -> tuple[Proposal, ...]:
        """The units that handled such suggestions, the most likely first.

        Args:
            asked: the suggestion that is to be assigned, with the office's topic if it has one.
            known: the units that there are today.
            most: so many at most.
        """
        if not self._units.labels:
            return ()
        of = counted(asked)
        nearest = self._pairs.closeness(*of.pairs)
        order = np.argsort(-nearest, kind="stable")
        handled = [int(at) for at in order if self.written[at].unit and nearest[at] > 0]
        scores = _standard(self._units.scores(*of.pairs))
        share = self._of_topic.get(asked.topic or "")
        if share is not None:
            scores += _TOPIC_WEIGHS * share
        found: list[Proposal] = []
        for index in np.argsort(-scores, kind="stable"):
            label = self._units.labels[index]
            unit = asked.town if label == _TOWN else label
            because = [at for at in handled if self._units.of_row[at] == index][:_EVIDENCE]
            if unit in known and unit is not None and because:
                found.append(Proposal(unit, tuple(self.written[at].id for at in because)))
        return tuple(found[:most])

    def _shares(self) -> Mapping[str, Floats]:
        """Of each topic the logarithm of the share that each label of units has of it."""
        counts: dict[str, Floats] = {}
        for at, of in enumerate(self.written):
            if of.topic and of.unit:
                row = counts.setdefault(of.topic, np.full(len(self._units.labels), _SMOOTHING))
                row[self._units.of_row[at]] += 1
        return {topic: np.log(row / row.sum()) for topic, row in counts.items()}


@cache
def nothing() -> Corpus:
    """Without a suggestion; its columns are many, and every app begins with it."""
    return Corpus(())


class _Weighed:
    """Rows of counts, of which the rare columns count most."""

    def __init__(self, rows: Sequence[tuple[Ints, Ints]]) -> None:
        columns = np.concatenate([np.array([], np.int64), *(of for of, _ in rows)])
        counts = np.concatenate([np.array([], np.int64), *(of for _, of in rows)])
        starts = np.cumsum([0, *(len(of) for of, _ in rows)])
        shape = (len(rows), _COLUMNS)
        self.counts = sparse.csr_matrix((counts.astype(np.float64), columns, starts), shape=shape)
        having = np.bincount(columns, minlength=_COLUMNS)
        self.rarity: Floats = np.log1p((len(rows) - having + 0.5) / (having + 0.5))
        weights = self._weights(columns, counts)
        matrix = sparse.csr_matrix((weights, columns, starts), shape=shape)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        self._matrix = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix

    def closeness(self, columns: Ints, counts: Ints) -> Floats:
        """The cosine of each row with a text."""
        asked = np.zeros(_COLUMNS)
        asked[columns] = self._weights(columns, counts)
        length = float(np.linalg.norm(asked))
        return np.asarray(self._matrix @ asked) / max(length, 1e-9)

    def _weights(self, columns: Ints, counts: Ints) -> Floats:
        return np.asarray(np.sqrt(np.minimum(counts, _MOST_COUNTED)) * self.rarity[columns])


class _Kinds:
    """Labels of suggestions, and how likely each is for a text. ``of_row`` is the label of each
    row by index, -1 where it has none.
    """

    def __init__(self, counts: sparse.csr_matrix, labels: Sequence[str | None]) -> None:
        self.labels = sorted({of for of in labels if of is not None})
        index = {label: at for at, label in enumerate(self.labels)}
        self.of_row = [-1 if of is None else index[of] for of in labels]
        if not self.labels:
            return
        having = np.bincount(counts.indices, minlength=_COLUMNS)
        self._columns = np.flatnonzero(having)
        self._rarity = np.log(counts.shape[0] / having[self._columns])
        logs = counts[:, self._columns].log1p()
        rows = [at for at, of in enumerate(self.of_row) if of >= 0]
        where = ([self.of_row[at] for at in rows], rows)
        shape = (len(self.labels), len(labels))
        sums = np.asarray((sparse.csr_matrix((np.ones(len(rows)), where), shape) @ logs).todense())
        others = sums.sum(axis=0) - sums + _SMOOTHING
        self._weights = -np.log(others / others.sum(axis=1, keepdims=True))
        self._rows = _sharp(self._scored(logs))

    def scores(self, columns: Ints, counts: Ints) -> Floats:
        """By label, of a text; only their order means something."""
        shape = (1, _COLUMNS)
        row = sparse.csr_matrix((counts.astype(np.float64), columns, [0, len(columns)]), shape)
        found: Floats = self._scored(row[:, self._columns].log1p())[0]
        return found

    def closeness(self, columns: Ints, counts: Ints) -> Floats:
        """How far each row seems to have the labels that a text seems to have, from 0 to 1."""
        if not self.labels:
            return np.zeros(len(self.of_row))
        found: Floats = self._rows @ _sharp(self.scores(columns, counts)[None])[0]
        return found

    def _scored(self, logs: sparse.csr_matrix) -> Floats:
        weighed = logs.multiply(self._rarity[None]).tocsr()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        return np.asarray(
            (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ weighed) @ self._weights.T
        )


@dataclass(frozen=True)
class _Shared:
    """Finds what a text has in common with others."""

    asked: Written
    rarity: Floats
    runs: list[str] = field(init=False)

    def __post_init__(self) -> None:
        runs = _cut(f"{self.asked.title}\n{self.asked.body}").split(_GAP)
        object.__setattr__(self, "runs", runs)

    def with_(self, other: Written) -> tuple[str, ...]:
        """Runs of neighbours that both texts have, the rarest first, none within another."""
        theirs = _cut(f"{other.title}\n{other.body}")
        phrases = {phrase for run in self.runs for phrase in _common(run, theirs)}
        kept: list[str] = []
        for phrase in sorted(phrases, key=lambda of: (-self._weight(of), of)):
            if not any(phrase in longer for longer in kept):
                kept.append(phrase)
        return tuple(kept[:_MOST_SHARED])

    def _weight(self, phrase: str) -> float:
        return float((self.rarity[_pairs(phrase)] ** 2).sum())


def _label(written: Written) -> str | None:
    return _TOWN if written.unit and written.unit == written.town else written.unit


def _standard(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-12))


def _sharp(scores: Floats) -> Floats:
    """Rows of scores as directions in which the best label stands out."""
    spread = np.maximum(scores.std(axis=1, keepdims=True), 1e-12)
    found = np.exp(_SHARPNESS * (scores - scores.mean(axis=1, keepdims=True)) / spread)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def _cut(text: str) -> str:
    """As it is compared, with a gap for all that is no letter, sign or digit."""
    return _BETWEEN.sub(_GAP, fold(text))


def _pairs(text: str) -> Ints:
    """The column of each pair of neighbours of a text that was cut; none goes over a gap."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    first, second = codes[:-1], codes[1:]
    apart = (first == ord(_GAP)) | (second == ord(_GAP))
    return np.asarray(((first * 1_000_003 + second) * 2_654_435_761 % 2**40 >> 20)[~apart])


def _names(text: str) -> Ints:
    """The column of each name of a location, in the lengths that it may have."""
    found: list[int] = []
    for end in _LOCATION.finditer(text):
        for length in _NAME_LENGTHS:
            name = text[max(0, end.start() - length) : end.end()]
            if _GAP in name or end.start() < length:
                break
            found.append(zlib.crc32(name.encode()) % _COLUMNS)
    return np.array(found, np.int64)


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
