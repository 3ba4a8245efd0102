"""Lays a draft out: articles numbered, heading, caption and signature, and its labels."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulators.documents.drafting import Clause, Draft
from simulators.documents.drawing import chinese, day, said
from simulators.documents.makers import others
from simulators.documents.records import Document, Label, Paragraph

_MARKED = re.compile("«(.*?)»", re.DOTALL)
_REWORDED = (("应当", "可以"), ("每季度", "每年"), ("公开", "通报"), ("及时", "定期"))
_ADDRESSED = {
    "town": "各村（居）民委员会，镇属各部门：",
    "court": "各人民法庭，各部门：",
    "procuratorate": "各部门：",
    "commission": "各派驻机构，各部门：",
}
_VARIANTS = ("title", "number", "maker", "date")


@dataclass(slots=True)
class _Sheet:
    draft: Draft
    file: str
    drawn: random.Random
    paragraphs: list[Paragraph] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def put(self, part: str, style: str, text: str, former: str = "") -> None:
        self.paragraphs.append(Paragraph(part, style, text, former))

    def label(
        self, kind: str, part: str, words: str, note: str, *, innocent: bool = False
    ) -> None:
        self.labels.append(Label(self.file, kind, part, words, note, innocent))


def lay_out(
    draft: Draft, file: str, word: str, drawn: random.Random
) -> tuple[Document, list[Label]]:
    """The document and its labels.

    Args:
        draft: closed; its articles are numbered here.
        file: its name in the folder.
        word: ``typed`` or ``automatic`` numbers of a Word file; empty for Markdown.
        drawn: draws how it is laid out.
    """
    sheet = _Sheet(draft, file, drawn)
    _head(sheet)
    _articles(sheet)
    if word or drawn.random() < 0.2:
        _table(sheet)
    if word:
        _revise(sheet)
    undated = draft.formal.get("publication") in {"date-missing", "date-impossible"}
    made = Document(
        file=file,
        title=draft.title,
        number=draft.number,
        maker=draft.maker.name,
        published_on=None if undated else draft.published_on,
        word=word,
        paragraphs=tuple(sheet.paragraphs),
    )
    return made, sheet.labels


def _signed(sheet: _Sheet, variant: str) -> None:
    draft, drawn = sheet.draft, sheet.drawn
    name = draft.maker.name
    if variant == "maker":
        name = drawn.choice(others(draft.maker))
        note = f"the title and the number are those of {draft.maker.name}"
        sheet.label("identity-differs", "落款", name, note)
    sheet.put("落款", "sign", name)
    fault = draft.formal.get("publication")
    if fault == "date-missing":
        sheet.label(fault, "落款", name, "no day of publication anywhere")
    elif fault == "date-impossible":
        year = draft.published_on.year
        never = drawn.choice((f"{year}年2月30日", f"{year}年6月31日", f"{year}年0月12日"))
        sheet.label(fault, "落款", never, "there is no such day")
        sheet.put("落款", "sign", never)
    else:
        sheet.put("落款", "sign", day(draft.published_on))


def _caption(sheet: _Sheet, variant: str) -> None:
    draft, drawn = sheet.draft, sheet.drawn
    number, on = draft.number, draft.published_on
    if variant == "number":
        serial = draft.serial + drawn.choice((1, 2, 10))
        number = f"{draft.maker.sign}〔{on.year}〕{serial}号"
        sheet.label("identity-differs", "题注", number, f"{draft.number} in the heading")
    if variant == "date":
        on = _other_day(on, drawn)
        sheet.label("identity-differs", "题注", day(on), f"signed on {draft.published_on}")
    if draft.formal.get("publication"):
        sheet.put("题注", "caption", f"（{number}）")
    elif not variant and drawn.random() < 0.3:
        passed = day(on - timedelta(days=drawn.randint(3, 20)))
        text = f"{passed}讨论通过，{day(on)}{number}公布"
        sheet.put("题注", "caption", f"（{text}）")
        note = "passed on one day, published on another"
        sheet.label("identity-differs", "题注", text, note, innocent=True)
    else:
        sheet.put("题注", "caption", f"（{day(on)}　{number}公布）")


def _other_day(on: date, drawn: random.Random) -> date:
    return on + timedelta(days=drawn.choice((-31, -10, -1, 1, 7, 28)))


def _head(sheet: _Sheet) -> None:
    draft, drawn = sheet.draft, sheet.drawn
    variant = drawn.choice(_VARIANTS) if "identity" in draft.formal else ""
    if variant == "date" and draft.formal.get("publication"):
        variant = "number"
    notice = variant in {"title", "maker"} or drawn.random() < 0.65
    title = draft.title
    if variant == "title":
        words = (("办法", "规定"), ("规定", "办法"), ("细则", "方案"))
        title = next(title.replace(old, new) for old, new in words if old in title)
        note = f"issued as 《{draft.title}》"
        sheet.label("identity-differs", "标题", title, note)
    if notice:
        of_notice = drawn.choice(("关于印发《%s》的通知", "关于公布《%s》的通知")) % draft.title
        sheet.put("通知标题", "title", draft.maker.name + of_notice)
        sheet.put("文号", "number", draft.number)
        meeting = said(draft.maker.meeting, drawn, {})
        issued = drawn.choice(("现印发给你们，请认真贯彻执行。", "现予印发，请结合实际抓好落实。"))
        sheet.put(
            "印发语",
            "body",
            _ADDRESSED.get(draft.maker.kind, "各镇人民政府、街道办事处，各有关单位："),
        )
        sheet.put("印发语", "body", f"《{draft.title}》已经{meeting}讨论通过，{issued}")
        _signed(sheet, variant)
        sheet.put("标题", "title", title)
        if variant in {"number", "date"} or drawn.random() < 0.5:
            _caption(sheet, variant)
        return
    sheet.put("标题", "title", title)
    sheet.put("文号", "number", draft.number)
    if variant in {"number", "date"} or drawn.random() < 0.5:
        _caption(sheet, variant)
    _signed(sheet, variant)


def _articles(sheet: _Sheet) -> None:
    draft, drawn = sheet.draft, sheet.drawn
    count = sum(len(articles) for _, articles in draft.chapters)
    headed = count > 14 and drawn.random() < 0.85
    at = chapter_at = 0
    for name, articles in draft.chapters:
        if not articles:
            continue
        chapter_at += 1
        if headed:
            chapter = f"第{chinese(chapter_at)}章"
            sheet.put(chapter, "chapter", f"{chapter}　{name}")
        for article in articles:
            at += 1
            part = f"第{chinese(at)}条"
            style = "article"
            for clause in article:
                for paragraph in _paragraphs(sheet, clause, part, at, count):
                    item = paragraph.startswith("（")
                    sheet.put(part, "item" if item else style, paragraph)
                    style = "clause"


def _paragraphs(sheet: _Sheet, clause: Clause, part: str, at: int, count: int) -> Iterator[str]:
    drawn = sheet.drawn
    text = clause.text
    while "{空}" in text:
        beyond = count + drawn.choice((1, 2, 3, 6, 10, 17))
        text = text.replace("{空}", chinese(beyond), 1)
    while "{自}" in text:
        own = drawn.choice([one for one in range(2, count) if one != at])
        text = text.replace("{自}", chinese(own), 1)
    marked = _MARKED.search(text)
    text = text.replace("«", "").replace("»", "")
    paragraphs = text.split("¶")
    if clause.kind:
        words = marked[1] if marked else paragraphs[0]
        sheet.label(clause.kind, part, words, clause.note, innocent=clause.innocent)
    yield from paragraphs


def _table(sheet: _Sheet) -> None:
    sheet.put("附表", "body", f"附表：{sheet.draft.topic.work}工作分工表")
    sheet.put("附表", "row", "序号\t事项\t责任单位\t完成时限")
    rows = ("年度计划编制", "信息公开", "业务培训", "档案整理", "绩效评价")
    unit = sheet.draft.named()["D"]
    for at, row in enumerate(rows[: sheet.drawn.randint(3, 5)], start=1):
        month = sheet.drawn.randint(1, 12)
        sheet.put("附表", "row", f"{at}\t{row}\t{unit}\t每年{month}月底前")


def _revise(sheet: _Sheet) -> None:
    """Give some ordinary paragraphs the wording that a tracked change struck out."""
    labelled = {label.article for label in sheet.labels}
    fitting = [
        (at, words)
        for at, one in enumerate(sheet.paragraphs)
        for words in _REWORDED
        if one.style in {"article", "clause"} and one.part not in labelled and words[0] in one.text
    ]
    for at, (now, before) in sheet.drawn.sample(fitting, min(3, len(fitting))):
        one = sheet.paragraphs[at]
        former = one.text.replace(now, before, 1)
        sheet.paragraphs[at] = Paragraph(one.part, one.style, one.text, former)
