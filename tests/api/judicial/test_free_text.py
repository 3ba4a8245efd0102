"""Free text of judicial supervision: what names a person or a case is refused with the reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.judicial.free_text import TextRefused, check, identified
from tests.conftest import examples

BEFORE = st.sampled_from(("", "本季度情况：", "来信反映，", "办案人员说 "))
AFTER = st.sampled_from(("", "。", "，请核实", " 等情况", "多次来电", "拒不执行"))
GAP = st.sampled_from(("", " ", "-"))
DAY = st.dates(date(1930, 1, 1), date(2024, 12, 31)).map(lambda of: of.strftime("%Y%m%d"))


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most or least)


def wide(text: str) -> str:
    return "".join(chr(ord(of) + 0xFEE0) if of.isdigit() else of for of in text)


IDS = st.builds(
    lambda district, day, number, last: f"{district}{day}{number}{last}",
    st.sampled_from(("320612", "110101", "440305")),
    DAY,
    digits(3),
    st.sampled_from("0123456789Xx"),
)
MOBILES = st.builds(
    lambda second, gap, one, two: f"1{second}8{gap}{one}{gap}{two}",
    st.sampled_from("3456789"),
    GAP,
    digits(4),
    digits(4),
)
CASES = st.builds(
    lambda brackets, year, court, kind, number: (
        f"{brackets[0]}{year}{brackets[1]}{court}{kind}{number}号"
    ),
    st.sampled_from(("()", "（）", "〔〕", "[]")),
    st.integers(1995, 2030),
    st.sampled_from(("苏0612", "苏06", "京", "最高法", "崇")),
    st.sampled_from(("民初", "刑终", "行申", "执恢", "民初字第")),
    st.integers(1, 99999),
)
PARTIES = st.builds(
    lambda role, mark, name: f"{role}{mark}{name}",
    st.sampled_from(("原告", "被告", "被告人", "当事人", "上诉人", "申请执行人")),
    st.sampled_from(("", "：", "是", " ")),
    st.sampled_from(("张三", "李小明", "王某", "陈某某", "欧阳小红", "刘伟")),
)


@pytest.mark.parametrize(
    ("kind", "things"),
    [("id", IDS), ("telephone", MOBILES), ("case", CASES), ("party", PARTIES)],
)
def test_what_names_a_person_or_a_case_is_found_wherever_it_stands(
    kind: str, things: st.SearchStrategy[str]
) -> None:
    @settings(max_examples=examples(150), deadline=None)
    @given(BEFORE, things, AFTER, st.booleans())
    def found(before: str, thing: str, after: str, full: bool) -> None:
        text = before + (wide(thing) if full else thing) + after
        places = identified(text)
        assert kind in {of.kind for of in places}, text
        for of in places:
            assert of.words == text[of.start : of.end]
        with pytest.raises(TextRefused) as refused:
            check({"name": "正常", "note": text})
        assert refused.value.field == "note"

    found()


@pytest.mark.parametrize(
    "text",
    [
        "原告南通某某建材有限公司多次来访",
        "联系电话 85012345",
        "0513-85012345",
        "通崇检刑诉〔2024〕123号起诉书",
        "张三诉李四民间借贷纠纷一案",
        "张三（原告）不满",
        "138\u200b1234\u200b5678",
        "320612900101123",
        "2024苏0612民初123号",
        "（二〇二四）苏0612民初一二三号",
    ],
)
def test_other_ways_of_naming_are_refused(text: str) -> None:
    assert identified(text)


@pytest.mark.parametrize(
    "text",
    [
        "本月新收案件 1234 件，旧存 560 件，审结 1300 件。",
        "根据国办发〔2024〕12号文件调整口径",
        "通政发(2024)8号",
        "法释〔2019〕9号自2019年5月1日施行",
        "原告和被告都应当到庭，当事人权利得到保障。",
        "当事人申请再审的案件增加，被告人认罪认罚比例 85.3%。",
        "当事人满意度上升；当事人安全感增强；当事人双方和解 12 件。",
        "原告方多为外地企业，被告多为有限公司",
        "支付 320612345.50 元，2024年第3号公报",
        "罚没 12345678901 元以内",
        "统计口径自 2026年1月1日起改变，原因：最高人民法院调整指标。",
        "当事人向法院提出的申请",
        "被申请人程序权利",
        "",
    ],
)
def test_work_as_a_whole_may_be_written_about(text: str) -> None:
    assert identified(text) == []


@settings(max_examples=examples(200), deadline=None)
@given(st.text())
def test_any_text_is_read_to_its_end_and_places_stand_apart(text: str) -> None:
    ends = 0
    for of in identified(text):
        assert ends <= of.start < of.end <= len(text)
        ends = of.end
