"""Versions that some documents replaced: articles moved, merged, split off or were reworded since.

They hold no planted fault: of a document that has some, only its other clauses go into one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date

from simulators.documents.drawing import chinese, day
from simulators.documents.laws import timely
from simulators.documents.records import Document, Label, Paragraph, Succession

_BEFORE = (
    ("应当", "要"),
    ("负责", "承担"),
    ("每季度", "每月"),
    ("公开", "公布"),
    ("依照", "按照"),
    ("建立", "设立"),
)


@dataclass(frozen=True, slots=True)
class _Article:
    number: str
    paragraphs: tuple[Paragraph, ...]


def _of(made: Document) -> list[_Article]:
    parts = dict.fromkeys(one.part for one in made.paragraphs if one.part.endswith("条"))
    return [
        _Article(part, tuple(one for one in made.paragraphs if one.part == part)) for part in parts
    ]


def earlier(
    made: Document, labels: list[Label], drawn: random.Random
) -> tuple[Document, list[Succession]]:
    """A version that the document replaced, and what became of its articles.

    Args:
        made: published on a known day.
        labels: of the document.
        drawn: draws what was otherwise.
    """
    faulty = {label.article for label in labels if not label.innocent}
    own = {label.article for label in labels if label.kind == "own-article-missing"}
    articles = _of(made)
    on = date(made.published_on.year - 3 if made.published_on else 2022, 4, 1)
    kept = [
        one
        for one in articles[:-1]
        if one.number not in faulty | own
        and all(timely(paragraph.text, on) for paragraph in one.paragraphs)
    ]
    file = f"earlier/{made.file.removesuffix('.docx').removesuffix('.md')}.md"
    moved = set(drawn.sample(range(2, len(kept)), min(2, len(kept) - 2)))
    order = [at for at in range(len(kept)) if at not in moved]
    for at in sorted(moved):
        order.insert(drawn.randint(1, len(order)), at)
    parted = {at for at in order if at not in moved and len(kept[at].paragraphs) == 2}
    return _write(made, file, kept, order, moved, parted, on.year, drawn)


def _write(
    made: Document,
    file: str,
    kept: list[_Article],
    order: list[int],
    moved: set[int],
    parted: set[int],
    year: int,
    drawn: random.Random,
) -> tuple[Document, list[Succession]]:
    body: list[Paragraph] = []
    successions: list[Succession] = []
    number = 0

    def part() -> str:
        nonlocal number
        number += 1
        return f"第{chinese(number)}条"

    for at in order:
        article = kept[at]
        if at in parted:
            first, second = part(), part()
            body += [
                replace(one, part=name, style="article", former="")
                for one, name in zip(article.paragraphs, (first, second), strict=True)
            ]
            successions.append(
                Succession(made.file, file, "merged", (article.number,), (first, second))
            )
            continue
        before, text = part(), article.paragraphs[0].text
        kind = "moved" if at in moved else "same"
        if kind == "same" and drawn.random() < 0.35:
            text = _worded_before(text)
            kind = "reworded" if text != article.paragraphs[0].text else "same"
        first_one = replace(article.paragraphs[0], part=before, text=text, former="")
        rest = [replace(one, part=before, former="") for one in article.paragraphs[1:]]
        body += [first_one, *rest]
        successions.append(Succession(made.file, file, kind, (article.number,), (before,)))
    gone, last = part(), part()
    kinds = ("办法", "规定", "细则")
    itself = "本" + next(kind for kind in kinds if kind in made.title)
    body.append(Paragraph(gone, "article", f"{itself}由制定机关组织实施，并定期总结实施情况。"))
    body.append(
        Paragraph(
            last, "article", f"{itself}自{year}年6月1日起施行，有效期至{year + 3}年5月31日。"
        )
    )
    successions += [Succession(made.file, file, "gone", (), (one,)) for one in (gone, last)]
    used = {number for one in successions for number in one.articles}
    successions += [
        Succession(made.file, file, "new", (one.number,), ())
        for one in _of(made)
        if one.number not in used
    ]
    return _document(made, file, year, body, drawn), successions


def _worded_before(text: str) -> str:
    for now, before in _BEFORE:
        if now in text:
            return text.replace(now, before, 1)
    return text


def _document(
    made: Document, file: str, year: int, body: list[Paragraph], drawn: random.Random
) -> Document:
    sign = made.number.split("〔")[0]
    number = f"{sign}〔{year}〕{drawn.randint(1, 30)}号"
    title = made.title.replace("（试行）", "").replace("暂行", "管理")
    on = date(year, 4, drawn.randint(1, 28))
    head = [
        Paragraph("标题", "title", title),
        Paragraph("文号", "number", number),
        Paragraph("落款", "sign", made.maker),
        Paragraph("落款", "sign", day(on)),
    ]
    return Document(file, title, number, made.maker, on, "", (*head, *body))
