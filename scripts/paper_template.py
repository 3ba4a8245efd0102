"""Writes the Word templates of papers that come with the product.

The headings are those of the paper, the values tags; fonts stand in the styles, those of Chinese
too, so that an office changes them in one place.
"""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from api.cases.story import actions as case_story
from api.cases.story import wording as case_wording
from api.kinds.reports import Paper, Section, Table
from api.platforms.budget.drafts import actions as drafts
from api.platforms.budget.drafts import wording as draft_wording
from api.platforms.budget.execution import actions as execution
from api.platforms.budget.execution import wording as execution_wording
from api.platforms.budget.execution.records import BYS, Line
from api.platforms.budget.execution.records import Counted as Executed
from api.platforms.budget.execution.records import Month as BudgetMonth
from api.platforms.budget.rectification import actions as rectification
from api.platforms.budget.rectification import wording as rectification_wording
from api.platforms.budget.special import actions as special
from api.platforms.budget.special import wording as special_wording
from api.platforms.documents.filings import wording as filing_wording
from api.platforms.documents.filings.actions.registering import KIND as FILING_RECEIPT
from api.platforms.documents.reviews import wording as review_wording
from api.platforms.documents.reviews.actions import papers as review_papers
from api.platforms.documents.reviews.records import Counts as ReviewCounts
from api.platforms.documents.reviews.records import Filed
from api.platforms.duty.duty_records import wording as record_wording
from api.platforms.duty.duty_records.actions import KIND as DUTY_RECORD
from api.platforms.duty.statistics import actions as statistics
from api.platforms.duty.statistics import wording as statistics_wording
from api.platforms.duty.statistics.records import GROUPS, By, Group, total
from api.platforms.duty.surveys import wording as survey_wording
from api.platforms.duty.surveys.actions.papers import KIND as SURVEY_PAPER
from api.platforms.environment.days.records import Measured, Medium
from api.platforms.environment.month_report import wording
from api.platforms.environment.month_report.actions import KIND
from api.platforms.environment.month_report.records import Counted, Month
from api.platforms.environment.period_report.actions import papers as period
from api.platforms.environment.period_report.records.periods import (
    ChosenYear,
    Piece,
    period_of,
)
from api.platforms.environment.period_report.wording import congress as congress_wording
from api.platforms.environment.period_report.wording.parts import Counted as Period
from api.reports.forms.word import dated
from api.reports.forms.wording import tag
from api.roster import ROSTER, words_of
from config.catalogue import loading
from config.catalogue.words import Words
from config.settings import DISTRICTS
from ingest.standards.changes import unchanged

BODY, HEADINGS, LATIN = "仿宋", "黑体", "Times New Roman"
STYLES = {
    "Normal": (BODY, 12, False),
    "Title": (HEADINGS, 22, False),
    "Subtitle": (BODY, 12, False),
    "Heading 1": (HEADINGS, 15, False),
    "Heading 2": (HEADINGS, 12, False),
}
WIDTH = Cm(21 - 2 * 2.4)
PARTS = {
    "said": 26,
    "deciding": 20,
    "short": 16,
    "primaries": 16,
    "name": 12,
    "station": 11,
    "standard": 10,
    "exceeding": 10,
}
"""The parts of a table's width that columns of long texts take; of the others a kind of value."""
KINDS = {"instant": 10, "day": 9, "text": 6}
TEXT_COLOUR = RGBColor(0, 0, 0)


def month_alerts() -> bytes:
    """The template of the month's alerts."""
    return written(empty_month())


def empty_month() -> Paper:
    """A paper of a month in which nothing was."""
    folder = DISTRICTS / "tongzhou"
    means: Any = SimpleNamespace(
        words=Words.load("zh-CN", {}, folder), catalogue=loading.load(folder)
    )
    empty = Counted(Month("2026-01"), [], [], [], None, None, [], ended=True)
    return wording.paper(means, empty)


def empty_period(medium: Medium) -> Paper:
    """A paper of a month in which nothing was measured."""
    means = _means()
    return period.paper(means, _unmeasured(means, medium, "2026-01"))


def empty_environment_year() -> Paper:
    """A paper of a year in which nothing was measured."""
    means = _means()
    both = (_unmeasured(means, "water", "2025"), _unmeasured(means, "air", "2025"))
    return congress_wording.paper(means, ChosenYear(2025), *both)


def _means() -> Any:
    folder = DISTRICTS / "tongzhou"
    words = Words.load("zh-CN", words_of(ROSTER), folder)
    catalogue = loading.load(folder)
    no_alerts = SimpleNamespace(steady=lambda: None)
    return SimpleNamespace(words=words, catalogue=catalogue, wording=no_alerts)


def _unmeasured(means: Any, medium: Medium, code: str) -> Period:
    of = period_of(code)
    stations = means.catalogue.stations.values()
    nothing = [Measured(one, {}, {}, {}, {}) for one in stations if one.kind == medium]
    pieces = [
        Piece(first, last, names, of.year_before(first, last))
        for first, last, names in unchanged(period.SETS[medium], of.first, of.last)
    ]
    return Period(medium, of, [], pieces, nothing, nothing, [])


def duty_record() -> bytes:
    """The template of a deputy's yearly report."""
    folder = DISTRICTS / "tongzhou"
    words = Words.load("zh-CN", words_of(ROSTER), folder)
    means: Any = SimpleNamespace(words=words, catalogue=loading.load(folder))
    return written(record_wording.paper(means, "", "2026", "", []))


def suggestions_year() -> bytes:
    """The template of the yearly report on handling suggestions."""
    return written(empty_year())


def empty_year() -> Paper:
    """A paper of a year in which nothing was raised."""
    folder = DISTRICTS / "tongzhou"
    words = Words.load("zh-CN", words_of(ROSTER), folder)
    found: dict[By, tuple[Group, ...]] = {by: () for by in GROUPS if by != "year"}
    names: dict[By, dict[str, str]] = {by: {} for by in found}
    return statistics_wording.paper(words, "", "2026", found, names, total(()))


def survey_results() -> bytes:
    """The template of a survey's results."""
    roster = words_of(ROSTER)
    folder = DISTRICTS / "tongzhou"
    means: Any = SimpleNamespace(
        words=Words.load("zh-CN", roster, folder), catalogue=loading.load(folder)
    )
    return written(survey_wording.paper(means, None, []))


def budget_execution() -> bytes:
    """The template of a month's report on the execution of the budget."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    nothing = Line("", "", "", 0, 0, None, None, None)
    empty = Executed(BudgetMonth(2026, 1), 0, "", nothing, dict.fromkeys(BYS, ()), (), (), (), ())
    return written(execution_wording.paper(words, "", empty))


def budget_rectification() -> bytes:
    """The template of a year's report on audit rectification."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(rectification_wording.paper(words, "", 2026, (), ()))


def case_report() -> bytes:
    """The template of the report of a supervision case."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(case_wording.empty(words))


def draft_review() -> bytes:
    """The template of the paper on the first review of a draft budget."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(draft_wording.empty(words))


def special_topic() -> bytes:
    """The template of the report on a topic."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(special_wording.empty(words))


def filing_receipt() -> bytes:
    """The template of the receipt of a filing."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(filing_wording.receipt(words, "", "", None, None))


def review_opinion() -> bytes:
    """The template of the opinion in writing on a document."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    return written(review_papers.empty_opinion(words))


def review_year() -> bytes:
    """The template of a year's report on filing and review."""
    words = Words.load("zh-CN", words_of(ROSTER), DISTRICTS / "tongzhou")
    nothing = Filed(0, 0, 0, {}, {})
    return written(review_wording.year_paper(words, "", 2026, ReviewCounts(0, nothing, {}, {})))


def written(paper: Paper) -> bytes:
    """The template of papers like this one."""
    document = Document()
    for name, (font, size, bold) in STYLES.items():
        _font(document.styles[name], font, size, bold)
    _sheet(document)
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ issuer }}"
    document.core_properties.comments = ""
    document.add_paragraph("{{ title }}", "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("subtitle", "issuer"):
        document.add_paragraph(
            f"{{{{ {name} }}}}", "Subtitle"
        ).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for section in paper.sections:
        _section(document, section)
    foot = document.sections[0].footer.paragraphs[0]
    foot.text = "{{ foot }}"
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return _saved(document)


def _sheet(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.5)


def _font(style: Any, font: str, size: int, bold: bool) -> None:  # noqa: FBT001
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.bold, style.font.italic = bold, False
    style.font.color.rgb = TEXT_COLOUR
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{part}"), None)
    fonts.set(qn("w:eastAsia"), font)


def _section(document: Any, section: Section) -> None:
    document.add_paragraph(section.title, "Heading 1")
    document.add_paragraph(f"{{%p for sentence in texts.{tag(section.name)} %}}")
    document.add_paragraph("{{ sentence }}")
    document.add_paragraph("{%p endfor %}")
    if section.figures:
        rows = document.add_table(0, 2, "Table Grid")
        for figure in section.figures:
            cells = rows.add_row().cells
            cells[0].text, cells[1].text = figure.label, f"{{{{ figures.{tag(figure.name)} }}}}"
    for table in section.tables:
        _table(document, table)


def _table(document: Any, table: Table) -> None:
    name = tag(table.name)
    document.add_paragraph(table.title, "Heading 2")
    rows = document.add_table(4, len(table.columns), "Table Grid")
    _widths(rows, table)
    for cell, column in zip(rows.rows[0].cells, table.columns, strict=True):
        cell.text = column.label
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    _repeated(rows.rows[0])
    rows.rows[1].cells[0].text = f"{{%tr for row in tables.{name} %}}"
    for cell, column in zip(rows.rows[2].cells, table.columns, strict=True):
        cell.text = f"{{{{ row.{tag(column.name)} }}}}"
        if column.kind not in ("text", "day", "instant"):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    rows.rows[3].cells[0].text = "{%tr endfor %}"
    for row in rows.rows:
        _whole(row)
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
    document.add_paragraph(f"{{%p if notes.{name} %}}")
    document.add_paragraph(f"{{{{ notes.{name} }}}}").paragraph_format.space_before = Pt(4)
    document.add_paragraph("{%p endif %}")


def _widths(rows: Any, table: Table) -> None:
    """A column of long texts takes most; Word fits them to what stands in them, others do not."""
    shares = [PARTS.get(of.name, KINDS.get(of.kind, 5)) for of in table.columns]
    for column, own in zip(rows.columns, shares, strict=True):
        column.width = round(WIDTH * own / sum(shares))
        for cell in column.cells:
            width = cell._tc.get_or_add_tcPr().get_or_add_tcW()  # noqa: SLF001 - see _repeated
            width.type, width.w = "auto", 0


def _whole(row: Any) -> None:
    """A row is not torn at the foot of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as below


def _repeated(row: Any) -> None:
    """The head of a table stands again on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - there is no other way
    properties.append(OxmlElement("w:tblHeader"))


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return dated(out.getvalue())


if __name__ == "__main__":
    for kind, template in (
        (KIND, month_alerts()),
        (period.WATER, written(empty_period("water"))),
        (period.AIR, written(empty_period("air"))),
        (period.YEAR, written(empty_environment_year())),
        (DUTY_RECORD, duty_record()),
        (FILING_RECEIPT, filing_receipt()),
        (statistics.KIND, suggestions_year()),
        (SURVEY_PAPER, survey_results()),
        (execution.KIND, budget_execution()),
        (rectification.KIND, budget_rectification()),
        (drafts.KIND, draft_review()),
        (case_story.REPORT, case_report()),
        (special.KIND, special_topic()),
        (review_papers.OPINION, review_opinion()),
        (review_papers.YEAR, review_year()),
    ):
        kind.template.write_bytes(template)
        print(kind.template)
