"""A hundred citations of real laws, as a person read them there.

They were drawn with ``random.Random(31)`` from patterns that share nothing with the program: every
《…》 before 第…条, some 《…》, some 本法第…条, and names before 第…条 without 《》. A place is article,
paragraph and item; the law is without the state's name, and empty where a law cites itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import config
from documents.citing.citations import citations
from documents.laws.table import load
from documents.text.reading import read

BESIDE = Path(config.__file__).parents[2] / "shared"
LAWS = BESIDE / "data" / "civic" / "laws" / "text"
READ_BY_HAND: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "citations_of_laws.json").read_text(encoding="utf-8")
)
Citation = tuple[str, tuple[tuple[int | None, int | None, int | None], ...]]


@cache
def found(file: str) -> Mapping[str, Counter[Citation]]:
    """Citations of a law by the label of the citing article, each with all of its places."""
    document = read(LAWS / file)
    by_article: dict[str, Counter[Citation]] = {}
    cited = [of for of in citations(document, load().known()) if of.article is not None]
    for (article, _), group in groupby(cited, key=lambda of: (of.article, of.begin)):
        of = list(group)
        places = tuple((at.point.article, at.point.paragraph, at.point.item) for at in of)
        law = of[0].law.removeprefix("中华人民共和国")
        label = document.articles[article].label if article is not None else ""
        by_article.setdefault(label, Counter())[(law, places)] += 1
    return by_article


def test_the_hundred_are_a_hundred_and_of_many_laws() -> None:
    """Also where the laws do not lie beside the repository."""
    assert len(READ_BY_HAND) == 100
    assert len({of["file"] for of in READ_BY_HAND}) > 30
    assert sum(of["law"] != "" for of in READ_BY_HAND) == 70


@pytest.mark.skipif(not LAWS.is_dir(), reason="the laws do not lie beside the repository")
def test_given_a_citation_that_a_person_read_then_the_program_reads_the_same() -> None:
    """Law, article, paragraph and item, with no place more or less; each as often as it was read."""
    wanted: dict[tuple[str, str], Counter[Citation]] = {}
    for of in READ_BY_HAND:
        places = tuple(map(tuple, of["places"]))
        at = wanted.setdefault((of["file"], of["article"]), Counter())
        at[(of["law"], places)] += 1
    missed = {
        where: (list(expected - found(where[0])[where[1]]), list(found(where[0])[where[1]]))
        for where, expected in wanted.items()
        if expected - found(where[0])[where[1]]
    }
    assert missed == {}
