"""How alike articles are, by the pairs of signs that stand in both."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from documents.text.labels import ARTICLE
from documents.text.records import Article

PART_OF_WHOLE = 0.8
"""An article that stands whole in a longer one is as like it as this, at most."""
_OWN = re.compile(r"本(?:法|条例|办法|规定|细则|规则|实施办法|实施细则|意见|决定|通知|章程)")


def plain(article: Article) -> str:
    """The text without blanks, in which nothing but layout is left out."""
    return "".join(article.text.split())


def likeness(old: Sequence[str], new: Sequence[str]) -> NDArray[np.float64]:
    """Of n old and m new texts an (n, m) array from 0 to 1.

    Pairs of signs weigh more the fewer articles have them (inverse document frequency), so that
    articles which share only the phrases of drafting are not alike. Numbers of articles that a
    text refers to and the name by which a document calls itself do not count.
    """
    grams = [_grams(bare(text)) for text in (*old, *new)]
    names = {gram: at for at, gram in enumerate(sorted(set().union(*grams)))}
    rows = np.repeat(np.arange(len(grams)), [len(of) for of in grams])
    columns = np.fromiter((names[gram] for of in grams for gram in sorted(of)), dtype=np.int64)
    there = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(grams), len(names)))
    often = np.asarray(there.sum(axis=0)).ravel()
    weights = np.log1p(len(grams) / np.maximum(often, 1))
    of_each = there @ weights
    weighted = csr_array(there * weights[np.newaxis, :])
    shared = (weighted[: len(old)] @ there[len(old) :].T).toarray()
    one, other = of_each[: len(old), np.newaxis], of_each[np.newaxis, len(old) :]
    least = np.maximum(np.minimum(one, other), 1e-9)
    dice = 2 * shared / np.maximum(one + other, 1e-9)
    return np.asarray(np.maximum(dice, PART_OF_WHOLE * shared / least * (dice > 0.2)))


def bare(text: str) -> str:
    """A text as it is compared: without blanks, numbers of articles, and its name for itself."""
    return _OWN.sub("本件", ARTICLE.sub("第条", "".join(text.split())))


def _grams(text: str) -> set[str]:
    """Pairs of neighbours; a text of one sign is its own."""
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
