"""Texts as the pairs of signs in them, small enough to hold one text against all that are kept.

A signature is bytes: how many texts (uint32), how many pairs each has (uint16), and the pairs as
hashes of 16 bits, each once in its text. Two pairs of one text have one hash in one of a thousand
texts of 10 signs; likeness then differs by less than a hundredth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from documents.comparing.likeness import PART_OF_WHOLE, bare

SHORTEST = 8
"""Signs of a text that says enough to be like another."""
_MOST = 2**16 - 1
_LEAST_DICE = 0.2
"""Below it a short text that stands in a long one is chance."""
_CANDIDATES = 3_000
"""Texts that share most with the one that is asked about; the others are not weighed."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that is like the one that was asked: the place of its signature among those that were
    given, its place in that, and the likeness from 0 to 1.
    """

    signature: int
    position: int
    likeness: float


def signed(texts: Sequence[str]) -> bytes:
    """The signature of texts; one that is too short to be like another has no pairs."""
    pairs = [_pairs(text) for text in texts]
    lengths = np.array([len(of) for of in pairs], dtype="<u2")
    count = len(pairs).to_bytes(4, "little")
    return b"".join((count, lengths.tobytes(), *(of.tobytes() for of in pairs)))


def alike(text: str, signatures: Sequence[bytes], at_least: float, most: int) -> list[Alike]:
    """Texts that are most like one, the likest first.

    As in ``likeness``, pairs weigh more the fewer texts have them, and a text that stands whole in
    a longer one is like it.
    """
    asked = _pairs(text)
    lengths = [_lengths(of) for of in signatures]
    counts = np.concatenate(lengths) if lengths else np.zeros(0, dtype="<u2")
    if not asked.size or not counts.size:
        return []
    behind = zip(signatures, (4 + 2 * len(of) for of in lengths), strict=True)
    pairs = np.concatenate([np.frombuffer(of, dtype="<u2", offset=at) for of, at in behind])
    often = np.bincount(pairs, minlength=2**16) + np.bincount(asked, minlength=2**16)
    weights = np.log1p((len(counts) + 1) / np.maximum(often, 1))
    ends = np.cumsum(counts, dtype=np.int64)
    there = np.flatnonzero(_mask(asked)[pairs])
    owners = np.searchsorted(ends, there, side="right")
    shared = np.bincount(owners, weights[pairs[there]], minlength=len(counts))
    one = float(weights[asked].sum())
    enough = np.flatnonzero(shared > one * _LEAST_DICE / (2 - _LEAST_DICE))
    likest = enough[np.argsort(-shared[enough], kind="stable")[:_CANDIDATES]]
    scores = {
        int(at): _likeness(
            float(shared[at]), one, float(weights[pairs[ends[at] - counts[at] : ends[at]]].sum())
        )
        for at in likest
    }
    begins = np.cumsum([0, *(len(of) for of in lengths)])
    found = sorted(((-score, at) for at, score in scores.items() if score >= at_least))[:most]
    return [_alike(begins, at, -score) for score, at in found]


def _likeness(shared: float, one: float, other: float) -> float:
    dice = 2 * shared / (one + other)
    part = PART_OF_WHOLE * shared / min(one, other)
    return min(max(dice, part) if dice > _LEAST_DICE else dice, 1.0)


def _alike(begins: NDArray[np.int64], at: int, likeness: float) -> Alike:
    owner = int(np.searchsorted(begins, at, side="right")) - 1
    return Alike(owner, int(at - begins[owner]), likeness)


def _pairs(text: str) -> NDArray[np.uint16]:
    plain = bare(text)
    signs = np.frombuffer(plain.encode("utf-32-le"), dtype="<u4")
    if len(signs) < SHORTEST:
        return np.zeros(0, dtype="<u2")
    mixed = signs[:-1] * np.uint32(0x9E3779B1) ^ signs[1:] * np.uint32(0x85EBCA6B)
    return np.unique((mixed >> np.uint32(16)).astype("<u2"))[:_MOST]


def _lengths(signature: bytes) -> NDArray[np.uint16]:
    (count,) = np.frombuffer(signature, dtype="<u4", count=1)
    return np.frombuffer(signature, dtype="<u2", count=int(count), offset=4)


def _mask(pairs: NDArray[np.uint16]) -> NDArray[np.bool_]:
    found = np.zeros(2**16, dtype=bool)
    found[pairs] = True
    return found
