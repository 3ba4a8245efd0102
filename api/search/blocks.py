"""The grams of a segment's texts, each with the entries that have it, in blocks of bytes. Pure.

A gram is a character, a pair of neighbours or three of them; those of titles are counted apart. A
gram is hashed to ``HASH_BITS``: the upper 12 are the number of its block, the others its key in
there. Two grams may share a hash, so what is found here is proposed; the text decides.

A block: how many keys it has (4 bytes), the keys, of each how many entries have it, and the
entries; all but the first two bytes a number, little-endian. An entry is its ordinal in the
segment; where more than ``DENSE`` entries have a gram there is one bit for each ordinal instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ORDINAL_BITS = 12
ENTRIES = 1 << ORDINAL_BITS
"""Of a segment, at most."""
BLOCKS = 1 << 12
"""Of a segment, at most: a block without a gram is not kept."""
HASH_BITS = 28
KEY_BITS = 16
DENSE = ENTRIES // 16
LONGEST_GRAM = 3
MOST_GRAMS = 8
"""By so many grams, evenly apart, a long word is proposed: more leave hardly anything out."""
_LINE_END = ord("\n")
_TITLE = 8
_TWO_BYTES = np.dtype("<u2")
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
"""Odd numbers that scatter neighbouring ones."""
_HALF = np.uint64(29)

Numbers = NDArray[np.uint64]
Ordinals = NDArray[np.bool_]


def blocks(titles: Sequence[str], texts: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """The blocks of a segment, by number, out of the folded titles and whole texts of its entries
    in the order of their ordinals, at most ``ENTRIES``.
    """
    keys = np.concatenate([*_postings(titles, titled=True), *_postings(texts, titled=False)])
    keys.sort()  # np.unique of so many takes ten times as long
    keys = keys[_first_of_equals(keys)]
    ordinals = (keys & np.uint64(ENTRIES - 1)).astype(_TWO_BYTES)
    hashes = keys >> np.uint64(ORDINAL_BITS)
    firsts = np.flatnonzero(_first_of_equals(hashes))
    grams, counts = hashes[firsts], np.diff(firsts, append=len(hashes))
    sizes = np.minimum(counts, DENSE)
    ends = np.cumsum(sizes)
    body = _body(ordinals, counts, sizes, ends)
    short = (grams & np.uint64((1 << KEY_BITS) - 1)).astype(_TWO_BYTES)
    first = np.searchsorted(grams >> np.uint64(KEY_BITS), np.arange(BLOCKS + 1, dtype=np.uint64))
    starts = np.concatenate(([0], ends))
    for number, (begin, end) in enumerate(pairwise(first.tolist())):
        if begin < end:
            parts = (short[begin:end], counts[begin:end].astype(_TWO_BYTES))
            entries = body[starts[begin] : starts[end]]
            yield (
                number,
                b"".join(
                    (
                        (end - begin).to_bytes(4, "little"),
                        *(of.tobytes() for of in (*parts, entries)),
                    )
                ),
            )


def asked(words: Sequence[str], *, titled: bool) -> list[int]:
    """Hashes of grams that every text, or title, with all of these words has."""
    found: dict[int, None] = {}
    for word in words:
        codes = np.array([ord(of) for of in word], np.uint64)
        length = min(len(word), LONGEST_GRAM)
        count = len(word) - length + 1
        at = np.unique(np.linspace(0, count - 1, min(count, MOST_GRAMS)).astype(np.int64))
        columns = [codes[at + shift] for shift in range(length)]
        found.update(dict.fromkeys(_hashes(columns, titled=titled).tolist()))
    return list(found)


def block_of(gram: int) -> int:
    """The number of the block in which a hash is."""
    return gram >> KEY_BITS


def having(block: bytes, gram: int) -> Ordinals:
    """Of each ordinal whether it has a gram, out of the gram's block."""
    found = np.zeros(ENTRIES, np.bool_)
    count = int.from_bytes(block[:4], "little")
    keys, counts = np.frombuffer(block, _TWO_BYTES, 2 * count, 4).reshape(2, count)
    key = gram & ((1 << KEY_BITS) - 1)
    at = int(keys.searchsorted(key))
    if at == count or keys[at] != key:
        return found
    sizes = np.minimum(counts[: at + 1], DENSE)
    begin = 4 + 2 * (2 * count + int(sizes[:at].sum(dtype=np.int64)))
    if counts[at] <= DENSE:
        found[np.frombuffer(block, _TWO_BYTES, int(sizes[at]), begin)] = True
        return found
    return np.unpackbits(np.frombuffer(block, np.uint8, ENTRIES // 8, begin)).view(np.bool_)


def _first_of_equals(ordered: Numbers) -> Ordinals:
    return np.concatenate((np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1]))


def _body(
    ordinals: NDArray[np.uint16],
    counts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> NDArray[np.uint16]:
    """The entries of all grams, one gram behind the other."""
    body = np.empty(ends[-1] if len(ends) else 0, _TWO_BYTES)
    sparse = counts <= DENSE
    body[np.repeat(sparse, sizes)] = ordinals[np.repeat(sparse, counts)]
    behind = np.cumsum(counts)
    for at in np.flatnonzero(~sparse):
        bits = np.zeros(ENTRIES, np.bool_)
        bits[ordinals[behind[at] - counts[at] : behind[at]]] = True
        body[ends[at] - DENSE : ends[at]] = np.packbits(bits).view(_TWO_BYTES)
    return body


def _postings(texts: Sequence[str], *, titled: bool) -> Iterator[Numbers]:
    """Of every gram its hash, with the ordinal of its entry behind it; lines are apart."""
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), "<u4").astype(np.uint64)
    lengths = [len(text) + 1 for text in texts]
    ordinals = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)[: len(codes)]
    within = codes != _LINE_END
    for length in range(1, LONGEST_GRAM + 1):
        count = max(len(codes) - length + 1, 0)
        columns = [codes[shift : shift + count] for shift in range(length)]
        whole = np.logical_and.reduce([within[shift : shift + count] for shift in range(length)])
        hashes = _hashes(columns, titled=titled) << np.uint64(ORDINAL_BITS)
        yield (hashes | ordinals[:count])[whole]


def _hashes(columns: Sequence[Numbers], *, titled: bool) -> Numbers:
    """Of the grams whose characters stand in these columns."""
    kind = len(columns) + (_TITLE if titled else 0)
    found = np.full(len(columns[0]), kind, np.uint64) * _SECOND
    for column in columns:
        found = (found ^ column) * _FIRST
        found ^= found >> _HALF
    return found * _SECOND >> np.uint64(64 - HASH_BITS)
