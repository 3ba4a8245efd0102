"""Forms of a paper: texts stay texts, numbers are numbers, and no template runs anything."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from api.kinds import reports as kinds
from api.kinds.reports import Cell, Paper, Section, Table
from api.platforms.duty.surveys.actions.papers import KIND as SURVEY_PAPER
from api.platforms.environment.month_report.actions import KIND
from api.platforms.environment.period_report.actions.papers import AIR, WATER, YEAR
from api.reports.forms import making, pdf, word, workbook
from api.reports.forms.child import Order
from api.reports.forms.word import Unfit
from api.reports.forms.wording import by_name, laid_out
from api.reports.forms.wording import said as said_in_paper
from api.web import tables, workbooks
from api.web.forms import NotAccepted
from api.web.workbooks import Column, Sheet
from config.catalogue.words import Words
from scripts.paper_template import (
    empty_environment_year,
    empty_month,
    empty_period,
    month_alerts,
    survey_results,
    written,
)
from tests.api.papers import (
    HOSTILE,
    INSTANT_MS,
    LIBRARIES,
    fonts_embedded,
    pages_of_pdf,
    paper,
    text_of_pdf,
    text_of_word,
)
from tests.conftest import examples

WORDS = Words.load("zh-CN", {})
LAID_OUT: dict[str, Any] = laid_out(WORDS, paper()) | {"foot": "第 1 号"}
SHORT = [f"级{n}" for n in range(3)]
NAMED: dict[str, Any] = by_name(WORDS, paper()) | {"foot": "第 1 号"}


def template(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """A Word file, its parts changed."""
    with zipfile.ZipFile(io.BytesIO(template("{{ title }}"))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


# PDF


def test_a_pdf_holds_its_font_and_every_text_as_it_is() -> None:
    """Nothing is read as markup, no sign is missing, no font of the machine is used."""
    document = pdf.made(LAID_OUT, LIBRARIES, INSTANT_MS)
    fonts = fonts_embedded(document)
    assert fonts
    assert all(embedded and "+NotoSansHans-" in name for name, embedded in fonts)
    text = text_of_pdf(document)
    for hostile in HOSTILE:
        assert "".join(hostile.split()) in text
    assert len(document) < 400_000, "only the signs that are used are embedded"


def test_the_same_paper_is_the_same_pdf() -> None:
    """Its date is that of the snapshot."""
    first, second = (pdf.made(LAID_OUT, LIBRARIES, INSTANT_MS) for _ in range(2))
    assert first == second
    assert b"D:20261124" in first


def test_without_the_font_the_refusal_says_so(tmp_path: Path) -> None:
    """It is not set in one that lacks Chinese."""
    with pytest.raises(making.NoFont, match="make setup"):
        making.made(Order("pdf", LAID_OUT, INSTANT_MS, libraries=str(tmp_path)))


def test_characters_that_no_file_can_hold_are_left_out() -> None:
    """Of PDF and Word alike."""
    lines = laid_out(WORDS, paper(("甲\x00\x0b\ud800乙",))) | {"foot": ""}
    assert "甲乙" in text_of_pdf(
        making.made(Order("pdf", lines, INSTANT_MS, libraries=str(LIBRARIES)))
    )


def a_table(*texts: str, rows: int) -> Table:
    """Of a text and a number beside each of some texts."""
    columns = tuple(kinds.Column(of, of) for of in ("standard", "class", "said"))
    return Table(
        "levels",
        "各级别天数",
        columns,
        tuple((Cell(of), Cell(f"级{n}"), Cell("多" * 60)) for of in texts for n in range(rows)),
    )


def test_what_stands_for_many_rows_is_written_once_above_them() -> None:
    """And the longest texts are given most of the width."""
    section = Section("one", "一", tables=(a_table("旧标准", "新标准", rows=3),))
    (table,) = laid_out(WORDS, Paper("文", "", "", (section,)))["sections"][0]["tables"]
    assert [of["label"] for of in table["columns"]] == ["class", "said"]
    assert [row[0] for row in table["rows"]] == ["旧标准", *SHORT, "新标准", *SHORT]
    narrow, wide = (of["share"] for of in table["columns"])
    assert wide > 10 * narrow
    section = Section("one", "一", tables=(a_table("旧标准", "新标准", rows=1),))
    (table,) = laid_out(WORDS, Paper("文", "", "", (section,)))["sections"][0]["tables"]
    assert len(table["columns"]) == 3


def test_what_rounds_to_nothing_has_no_sign() -> None:
    """As a share that fell by less than is shown."""
    assert said_in_paper(WORDS, -0.0001, "percent") == "0.0%"
    assert said_in_paper(WORDS, -0.001, "number", 2) == "0.00"


@pytest.mark.parametrize("before", range(14, 36, 3))
def test_a_short_table_stands_on_one_page_with_its_title(before: int) -> None:
    """However far down the page it would begin."""
    text = tuple(f"第 {n} 句" for n in range(before))
    section = Section("one", "一", text, tables=(a_table("甲", "乙", rows=4),))
    lines = laid_out(WORDS, Paper("文", "", "", (section,))) | {"foot": ""}
    pages = pages_of_pdf(pdf.made(lines, LIBRARIES, INSTANT_MS))
    (page,) = (of for of in pages if "各级别天数" in of)
    assert page.count("级3") == 2


def test_a_table_without_rows_says_so_in_every_form() -> None:
    """Its heading does not stand alone."""
    nothing = Paper("文", "", "", (Section("one", "一", tables=(a_table(rows=0),)),))
    assert "没有数据" in str(laid_out(WORDS, nothing))
    assert "没有数据" in str(by_name(WORDS, nothing)["notes"])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.made(WORDS, nothing, "", 0))).worksheets[1]
    assert "没有数据" in str(sheet["A1"].value)


# Word


def test_the_template_of_the_product_says_every_value_in_fonts_for_chinese() -> None:
    """Texts with signs of Word and of templates stay as they are."""
    document = word.made(written(paper()), NAMED, INSTANT_MS)
    text = text_of_word(document)
    for hostile in HOSTILE:
        assert hostile in text
    for said in ("月度报告", "12,345", "-0.125", "50.0%", "2026-11-24 12:00", "1 小时 30 分"):
        assert said in text, said
    assert "{{ foot }}" not in text
    for style in ("Normal", "Title", "Heading 1"):
        fonts = Document(io.BytesIO(document)).styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("仿宋", "黑体")


def test_the_same_template_and_figures_are_the_same_file() -> None:
    """The hour of making leaves no trace."""
    first, second = (word.made(written(paper()), NAMED, INSTANT_MS) for _ in range(2))
    assert first == second


def test_the_shipped_template_is_what_the_script_writes() -> None:
    """And a month in which nothing was comes out of it."""
    assert KIND.template.read_bytes() == month_alerts()
    assert WATER.template.read_bytes() == written(empty_period("water"))
    assert AIR.template.read_bytes() == written(empty_period("air"))
    assert YEAR.template.read_bytes() == written(empty_environment_year())
    assert SURVEY_PAPER.template.read_bytes() == survey_results()
    values = by_name(WORDS, empty_month()) | {"foot": ""}
    assert "本月没有" in text_of_word(word.made(KIND.template.read_bytes(), values, INSTANT_MS))


def test_no_name_of_a_template_is_one_that_its_language_has_already() -> None:
    """``row.items`` would be a function, not a value."""
    month = by_name(WORDS, empty_month())
    names = {name for part in ("figures", "tables", "texts", "notes") for name in month[part]}
    names |= {of.name for table in empty_month().tables.values() for of in table.columns}
    assert not {name for name in names if hasattr({}, name)}


@pytest.mark.parametrize(
    ("tags", "wrong", "where"),
    [
        pytest.param("{{ ''.__class__.__mro__ }}", "forbidden", "__mro__", id="classes"),
        pytest.param(
            "{{ cycler.__init__.__globals__.os }}", "forbidden", "__globals__", id="globals"
        ),
        pytest.param("{{ texts.one.append('x') }}", "forbidden", "append", id="changes a value"),
        pytest.param("{{ figures.totl }}", "name", "totl", id="misspelt"),
        pytest.param("{{ nothing }}", "name", "nothing", id="unknown"),
        pytest.param("{{ figures.total", "syntax", "figures.total", id="not closed"),
        pytest.param("{% for a in texts.one %}{{ a }}", "syntax", "", id="without an end"),
        pytest.param("{% include 'x' %}", "broken", "", id="another file"),
        pytest.param("{{ 1 / 0 }}", "broken", "1 / 0", id="a division"),
    ],
)
def test_a_template_that_does_more_or_less_than_show_values_is_refused_by_its_paragraph(
    tags: str, wrong: str, where: str
) -> None:
    """Nothing in it is run."""
    with pytest.raises(Unfit) as unfit:
        word.made(template("标题", tags, "结尾"), NAMED, INSTANT_MS)
    assert (unfit.value.wrong, where in unfit.value.where) == (wrong, True)


OUTSIDE = b'<Relationship Id="r9" Type="http://x/attachedTemplate" Target="http://x/a" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        pytest.param(b"", "no-word", id="empty"),
        pytest.param(b"MZ" * 1000, "no-word", id="a program"),
        pytest.param(b"x" * (word.MOST_BYTES + 1), "large", id="too large"),
        pytest.param(
            changed(lambda parts: parts.update({"word/vbaProject.bin": b"x"})),
            "macros",
            id="macros",
        ),
        pytest.param(
            changed(
                lambda parts: parts.update(
                    {
                        "word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>"
                        + parts["word/document.xml"]
                    }
                )
            ),
            "no-word",
            id="entities",
        ),
        pytest.param(
            changed(
                lambda parts: parts.update(
                    {
                        "word/_rels/document.xml.rels": parts[
                            "word/_rels/document.xml.rels"
                        ].replace(b"</Relationships>", OUTSIDE)
                    }
                )
            ),
            "outside",
            id="a part from elsewhere",
        ),
        pytest.param(
            changed(lambda parts: parts.update({"word/media/a.bmp": bytes(41 << 20)})),
            "large",
            id="large when unpacked",
        ),
        pytest.param(
            changed(lambda parts: parts.pop("[Content_Types].xml")), "no-word", id="no types"
        ),
    ],
)
def test_a_file_that_is_no_plain_word_file_is_refused(content: bytes, wrong: str) -> None:
    """Before anything of it is read."""
    with pytest.raises(Unfit) as unfit:
        word.check(content)
    assert unfit.value.wrong == wrong


def test_a_template_that_never_ends_is_stopped() -> None:
    """In a process of its own, which is killed."""
    loops = "".join(f"{{% for {of} in range(9999) %}}" for of in "abc") + "{% endfor %}" * 3
    order = Order("docx", NAMED, INSTANT_MS, template(loops), cpu_s=1)
    with pytest.raises(NotAccepted) as refused:
        making.made(order)
    assert refused.value.key == "slow"


# Workbooks


def test_a_workbook_has_real_numbers_and_dates_and_no_formula() -> None:
    """Read by two libraries that share nothing."""
    body = workbook.made(WORDS, paper(), "第 1 号", INSTANT_MS)
    read = openpyxl.load_workbook(io.BytesIO(body))
    assert read.sheetnames == ["摘要", "明细 表"]
    sheet = read["明细 表"]
    assert sheet.freeze_panes == "A3", "below the note and the headings"
    for row, text in zip(sheet.iter_rows(min_row=3), HOSTILE, strict=True):
        assert (row[0].value, row[0].data_type) == (text, "s")
        assert [cell.value for cell in row[1:4]] == [row[1].value, -0.125, 0.5]
        assert row[4].value == datetime(2026, 11, 24, 12)  # noqa: DTZ001 - a workbook has no zones
        assert row[5].value == datetime(2026, 2, 28)  # noqa: DTZ001
        assert row[6].value == timedelta(minutes=90)
    other = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("明细 表")
    assert other.to_python()[2][4:] == [
        datetime(2026, 11, 24, 12),  # noqa: DTZ001
        date(2026, 2, 28),
        timedelta(minutes=90),
    ]


def test_a_text_that_no_cell_can_hold_is_cut_and_not_lost() -> None:
    """Rare characters count twice."""
    for text in ("甲" * 40_000, "𬭚" * 20_000):
        body = workbooks.written([Sheet("表", [Column("文")], [[text]])])
        (sheet,) = openpyxl.load_workbook(io.BytesIO(body)).worksheets
        cell = str(sheet["A2"].value)
        assert cell.endswith("…")
        assert text.startswith(cell[:-1])
        assert len(cell) > 16_000


def test_the_same_figures_are_the_same_workbook() -> None:
    """Its date is that of the snapshot."""
    first, second = (workbook.made(WORDS, paper(), "", INSTANT_MS) for _ in range(2))
    assert first == second


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
@example(["𬭚" * 40, "00" + "𬭚" * 15])
@settings(max_examples=examples(40), deadline=None)
def test_given_any_texts_then_none_becomes_a_formula_and_each_sheet_has_a_name(
    texts: list[str],
) -> None:
    """Whatever they begin with and whatever they hold."""
    sheets = [Sheet(text, [Column("文")], [[text]]) for text in texts]
    with zipfile.ZipFile(io.BytesIO(workbooks.written(sheets))) as file:
        pages = [name for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
        names = re.findall(r'<sheet name="([^"]*)"', file.read("xl/workbook.xml").decode())
        assert len(pages) == len(names) == len({name.casefold() for name in names}) == len(texts)
        assert all(names)
        for page in pages:
            assert b"<f>" not in file.read(page)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_cut_says_so_in_its_last_line(form: tables.Form) -> None:
    """With how many there are at all."""
    sheet = Sheet("表", [Column("号", "count")], ([n] for n in range(9)))
    answer = tables.download(WORDS, "x", form, sheet, total=9, most=4)
    rows = _rows(answer, form)
    assert rows[:-1] == [["号"], *[[str(n)] for n in range(4)]]
    assert "前 4 条，共 9 条" in rows[-1][0]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_that_is_whole_has_nothing_behind_its_rows(form: tables.Form) -> None:
    """An empty one has its headings."""
    for count in (0, 4):
        sheet = Sheet("表", [Column("号", "count")], ([n] for n in range(count)))
        answer = tables.download(WORDS, "x", form, sheet, total=count, most=4)
        assert _rows(answer, form) == [["号"], *[[str(n)] for n in range(count)]]


def test_a_number_below_none_is_a_number_in_a_table() -> None:
    """Only texts are kept from being formulas."""
    assert list(tables.csv([[-1.5, "-1.5", 3, None]]))[1] == "-1.5,'-1.5,3,\r\n"


def _rows(answer: Any, form: tables.Form) -> list[list[str]]:
    if form == "xlsx":
        read = openpyxl.load_workbook(io.BytesIO(answer.body))
        return [[str(cell.value) for cell in row] for row in read.active.iter_rows()]

    async def whole() -> str:
        return "".join([part async for part in answer.body_iterator])

    text = asyncio.run(whole()).removeprefix("\ufeff")
    return [line.split(",") for line in text.splitlines()]
