"""Drafts: documents before their articles are numbered."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from config.files import read_toml
from simulators.documents.drawing import said
from simulators.documents.laws import DATA, REMEDY, Laws, timely
from simulators.documents.makers import Maker, Topic, maker, topics

CODE_IN_FORCE = date(2026, 8, 15)
_LAST_DAY = date(2026, 10, 28)
_TRIAL = ("暂行办法", "暂行规定", "管理办法（试行）", "实施细则（试行）")
_LASTING = ("管理办法", "管理规定", "实施办法", "实施细则", "工作规定")
_TRIES = 60


@dataclass(slots=True)
class Clause:
    """Text of one article or of a part of it; ``«…»`` in it are the words of a label.

    ``¶`` begins another paragraph; ``{自}`` and ``{空}`` stand for numbers of articles.
    """

    text: str
    kind: str = ""
    note: str = ""
    innocent: bool = False


@dataclass(slots=True)
class Draft:
    """A document in the making: ``chapters`` hold articles, an article its clauses."""

    at: int
    topic: Topic
    maker: Maker
    suffix: str
    published_on: date
    serial: int
    chapters: list[tuple[str, list[list[Clause]]]] = field(default_factory=list)
    formal: dict[str, str] = field(default_factory=dict)
    """Faults of form by what they take up: validity, force, publication, identity."""

    @property
    def title(self) -> str:
        """Of what is issued, not of the notice that issues it."""
        name = self.topic.name.removesuffix("管理") if "管理" in self.suffix else self.topic.name
        return f"{self.maker.region}{name}{self.suffix}"

    @property
    def trial(self) -> bool:
        """Whether it stands for at most two years."""
        return "试行" in self.suffix or "暂行" in self.suffix

    @property
    def number(self) -> str:
        """文号."""
        return f"{self.maker.sign}〔{self.published_on.year}〕{self.serial}号"

    @property
    def word(self) -> str:
        """As the document calls itself."""
        kinds = ("办法", "规定", "细则")
        return next(kind for kind in kinds if kind in self.suffix)

    def named(self) -> Mapping[str, str]:
        """Signs of its texts."""
        one = self.topic
        department = one.department
        if self.maker.kind == "town" and department == "区政府办公室":
            department = "镇人民政府"
        return {
            "P": one.party,
            "T": one.thing,
            "A": one.work,
            "D": department,
            "R": self.maker.region,
            "K": self.word,
        }


@cache
def ordinary() -> Mapping[str, Any]:
    """Clauses in which nothing is wrong, by the part of a document."""
    return read_toml(DATA / "ordinary.toml", REMEDY)


def worded(draft: Draft, sentences: Sequence[Any], drawn: random.Random) -> tuple[str, Any] | None:
    """A sentence put in words for a document, and what was drawn; none where none is timely."""
    laws = Laws(draft.published_on, drawn)
    for _ in range(_TRIES):
        one = drawn.choice(sentences)
        text = said(one if isinstance(one, str) else one[0], drawn, draft.named())
        cited = laws.cited(text)
        if cited is not None and timely(cited, draft.published_on):
            return cited, one
    return None


def _several(
    draft: Draft, sentences: Sequence[str], count: int, drawn: random.Random
) -> list[str]:
    picked = drawn.sample(sentences, min(count, len(sentences)))
    said_of = [worded(draft, [one], drawn) for one in picked]
    return [text for text, _ in filter(None, said_of)]


def _articles(texts: Sequence[str]) -> list[list[Clause]]:
    return [[Clause(text)] for text in texts]


def published_on(drawn: random.Random, *, trial: bool, expired: bool) -> date:
    """A day of publication; a quarter of what stands came after the code."""
    if expired:
        return date(2020, 3, 1) + timedelta(days=drawn.randrange(550))
    if drawn.random() < 0.3:
        first = date(2026, 8, 20)
    else:
        first = date(2025, 2, 1) if trial else date(2022, 2, 1)
    return first + timedelta(days=drawn.randrange((_LAST_DAY - first).days))


def _draft(at: int, drawn: random.Random, *, expired: bool) -> Draft:
    topic = topics()[at % len(topics())]
    trial = not expired and drawn.random() < 0.3
    return Draft(
        at=at,
        topic=topic,
        maker=maker(topic, drawn.choice(topic.kinds), drawn),
        suffix=drawn.choice(_TRIAL if trial else _LASTING),
        published_on=published_on(drawn, trial=trial, expired=expired),
        serial=drawn.randint(1, 24),
    )


def drafts(count: int, expired: set[int], drawn: random.Random) -> list[Draft]:
    """So many documents with ordinary text, no two of one title or one number.

    Args:
        count: how many.
        expired: which of them, by their place, are old enough to have expired.
        drawn: draws them.
    """
    made: list[Draft] = []
    taken: set[str] = set()
    while len(made) < count:
        draft = _draft(len(made), drawn, expired=len(made) in expired)
        tries = 0
        while {draft.title, draft.number} & taken and tries < _TRIES:
            draft, tries = _draft(len(made), drawn, expired=len(made) in expired), tries + 1
        if {draft.title, draft.number} & taken:
            draft.serial, draft.suffix = 30 + len(made), f"{draft.suffix}（{draft.at}）"
        taken |= {draft.title, draft.number}
        _fill(draft, drawn)
        made.append(draft)
    return made


def _fill(draft: Draft, drawn: random.Random) -> None:
    texts = ordinary()
    judicial = "_judicial" if draft.maker.judicial else ""
    opening = [
        *_several(draft, texts[f"purpose{judicial}"], 1, drawn),
        *([] if judicial else _several(draft, texts["scope"], 1, drawn)),
        *_several(draft, texts["principle"], drawn.randint(0, 1) if not judicial else 0, drawn),
    ]
    duties = _several(draft, texts[f"duty{judicial}"], drawn.randint(2, 6), drawn)
    middle = _several(draft, texts[f"middle{judicial}"], drawn.randint(5, 11), drawn)
    middle += _several(draft, draft.topic.own, 5, drawn)
    drawn.shuffle(middle)
    half = drawn.randint(len(middle) // 2, len(middle) - 2)
    names = ("总则", drawn.choice(("职责分工", "组织与职责")))
    later = (drawn.choice(("管理与服务", "实施")), drawn.choice(("监督与保障", "保障措施")))
    parts: tuple[list[str], ...] = (opening, duties, middle[:half], middle[half:], [])
    draft.chapters = [
        (name, _articles(part)) for name, part in zip((*names, *later, "附则"), parts, strict=True)
    ]


def insert(draft: Draft, clause: Clause, drawn: random.Random) -> None:
    """Put a clause somewhere in the middle: as an article, or as a further part of one."""
    chapters = (2, 3, 2, 3, 1) if clause.innocent else (2, 3, 3)
    _, articles = draft.chapters[drawn.choice(chapters)]
    roomy = [one for one in articles if len(one) < 3 and "¶" not in one[-1].text]
    if roomy and "¶" not in clause.text and drawn.random() < (0.45 if clause.innocent else 0.25):
        drawn.choice(roomy).append(clause)
    else:
        articles.insert(drawn.randint(0, len(articles)), [clause])
