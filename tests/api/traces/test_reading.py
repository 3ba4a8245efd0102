"""Names, laws and topics in texts, by the names of the demonstration's district."""

from __future__ import annotations

from functools import cache

import pytest

from api.accounts.enrolment import units
from api.traces.names import Dictionary, brand, plain
from api.traces.reading import Readings, law_of, names_of
from api.traces.records import Mark, Name
from api.traces.topics import named, said_of, topics, wider
from config.catalogue import loading
from tests.api.conftest import FOLDER

PAYEE = Name("平潮镇建筑工程有限公司", (("payee", "平潮镇建筑工程有限公司"),))


@cache
def readings() -> Readings:
    """By the district's names, and one payee's."""
    of_district = names_of(loading.load(FOLDER), units.load(FOLDER / "units.toml"))
    return Readings([*of_district, PAYEE])


def marks(text: str) -> set[Mark]:
    """All that the names of a text stand for."""
    return {mark for name in readings().of(text).names for mark in name.marks}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在平潮镇新建泵站", {("town", "pingchao")}),
        ("通吕运河平潮段有异味", {("reach", "tonglv"), ("town", "pingchao")}),
        (
            "平潮断面的数据",
            {
                ("station", "tonglv-pingchao"),
                ("town", "pingchao"),
                ("reach", "at tonglv-pingchao"),
                ("reach", "tonglv"),
            },
        ),
        ("由南通市通州区水利局负责", {("unit", "water")}),
        ("区住建局答复", {("unit", "housing")}),
        ("区法院和区检察院", {("unit", "court"), ("unit", "procuratorate")}),
    ],
)
def test_given_a_text_then_names_stand_for_the_district_s_things(
    text: str, expected: set[Mark]
) -> None:
    """Full, short, and as people shorten them."""
    assert marks(text) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("平潮镇代表团提出", set()),
        ("城东社区新建广场", set()),
        ("创建二甲医院", set()),
        ("付给平潮镇建筑工程有限公司", {("payee", "平潮镇建筑工程有限公司")}),
    ],
)
def test_given_a_name_inside_a_longer_one_then_only_the_longer_one_counts(
    text: str, meant: set[Mark]
) -> None:
    """A delegation is no town, a quarter is no town, and a company is not where its name says."""
    assert marks(text) == meant


def test_given_names_that_begin_alike_then_the_longest_at_a_position_is_found() -> None:
    """Whatever the order in which they were given."""
    short, long = Name("东社", (("town", "a"),)), Name("东社区", (("town", "b"),))
    for names in ((short, long), (long, short)):
        assert Dictionary(names).found("城东社区与东社镇") == (long, short)


def test_given_a_law_by_any_of_its_titles_then_it_is_one_law() -> None:
    """Full, short, in an edition, and in a text."""
    law = law_of("行政处罚法")
    assert law_of("中华人民共和国行政处罚法") == law_of("行政处罚法（2021年修订）") == law
    assert readings().of("违反《中华人民共和国行政处罚法》第十四条").laws == (law,)
    assert readings().of("按《会议通知》办理，填写《申请表》").laws == ()


def test_given_two_ways_of_writing_a_name_then_it_is_plain_alike() -> None:
    """Blanks, brackets, full-width signs and the year of a budget."""
    assert plain("2026年 平潮镇（一期）管网") == plain("平潮镇(一期)管网")


def test_given_words_of_a_topic_then_each_topic_has_its_own() -> None:
    """What lists of platforms call it means it too."""
    assert said_of("污水入河，氨氮升高") == {"water-quality": ("污水", "入河", "氨氮")}
    assert (named("water"), named("production-safety"), named("nobody")) == (
        "river-works",
        "safety",
        "",
    )
    known = {of.id for of in topics()}
    assert {wider(of) for of in known} <= known | {""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("关于治理听涛小学门前拥堵的建议", ("听涛小学",)),
        ("平潮镇大槐堂村的沟渠，白鹭新村的电梯", ("槐堂村", "白鹭新村")),
        ("建设新路近仁和路一段", ("设新路", "仁和路")),
        ("全区农村公路、老旧小区和金沙街道的路面", ()),
    ],
)
def test_given_a_text_then_spots_are_read_by_the_ends_of_their_names(
    text: str, expected: tuple[str, ...]
) -> None:
    """A village, a road, a school; no kind of them, and no town."""
    assert readings().of(text).spots == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("江苏省苏州市百川建筑工程有限公司", "百川建筑工程"),
        ("南通通州卓越园林绿化有限公司", "卓越园林绿化"),
        ("上海远大有限公司", ""),
    ],
)
def test_given_a_firm_then_people_leave_out_its_region_and_its_form(name: str, said: str) -> None:
    """And where nearly nothing is left, it is no name."""
    assert brand(name, ("江苏", "苏州", "上海", "南通", "通州")) == said
