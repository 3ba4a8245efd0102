"""Two versions of a document: every article is paired once, unchanged said unchanged, moves as
moves, and where should became may it is marked.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.comparing.alignment import align
from documents.comparing.marks import marks, runs
from documents.comparing.records import Pair
from documents.text.numerals import counted
from documents.text.records import Article

SENTENCES = (
    "为了规范河道保洁，改善水环境，根据有关法律，结合本镇实际，制定本办法。",
    "镇人民政府设立河道保洁队，每条河道明确一名河长，姓名和电话在河边公示。",
    "保洁员每日巡查一次，发现漂浮物当日清除，汛期加密到每日两次。",
    "居民不得向河道倾倒垃圾、泥浆和粪便，违反的由保洁员劝阻并报告。",
    "沿河企业应当在排口设置标志牌，写明所属单位和监督电话。",
    "保洁经费列入镇财政预算，按季度拨付，年终公开收支明细。",
    "对举报偷排的群众，经核实给予五十元至二百元奖励。",
    "学校和村民委员会组织护河志愿活动，每学期不少于两次。",
    "河道清淤由水利站编制计划，清出的淤泥送到指定堆场。",
    "本办法由镇水利站负责解释。",
    "本办法自2025年5月1日起施行，有效期至2030年4月30日。",
)


def articles(texts: Sequence[str]) -> tuple[Article, ...]:
    return tuple(
        Article(number, 0, f"第{counted(number)}条", text)
        for number, text in enumerate(texts, start=1)
    )


def short(pairs: Sequence[Pair]) -> list[tuple[int | None, int | None, str]]:
    return [
        (pair.old.number if pair.old else None, pair.new.number if pair.new else None, pair.change)
        for pair in pairs
    ]


def test_a_version_beside_itself_is_the_same_throughout() -> None:
    pairs = align(articles(SENTENCES), articles(SENTENCES))
    assert short(pairs) == [(n, n, "same") for n in range(1, 12)]


def test_numbers_that_shift_because_an_article_came_in_are_no_move() -> None:
    new = (*SENTENCES[:4], "船舶停靠应当避开保洁作业区。", *SENTENCES[4:])
    found = short(align(articles(SENTENCES), articles(new)))
    assert found[4] == (None, 5, "added")
    assert [change for *_, change in found].count("same") == 11


def test_an_article_that_left_the_order_of_the_others_moved() -> None:
    new = (*SENTENCES[:2], SENTENCES[8], *SENTENCES[2:8], *SENTENCES[9:])
    assert [of for of in short(align(articles(SENTENCES), articles(new))) if of[2] != "same"] == [
        (9, 3, "moved")
    ]


def test_an_article_may_move_and_be_reworded_at_once() -> None:
    reworded = "沿河企业和商户可以在排口设置标志牌，写明所属单位和监督电话。"
    new = (*SENTENCES[:4], *SENTENCES[5:9], reworded, *SENTENCES[9:])
    (pair,) = (p for p in align(articles(SENTENCES), articles(new)) if p.change != "same")
    assert short([pair]) == [(5, 9, "moved and reworded")]
    assert pair.marks == ("应当→可以",)


def test_an_article_of_another_matter_at_the_same_number_is_not_what_was_deleted() -> None:
    new = (*SENTENCES[:6], "电动船的充电桩由镇供电所维护。", *SENTENCES[7:])
    found = short(align(articles(SENTENCES), articles(new)))
    assert (None, 7, "added") in found
    assert found[-1] == (7, None, "deleted")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("企业应当设置标志。", "企业可以设置标志。", ("应当→可以",)),
        ("企业可以排放。", "企业不得排放。", ("可以→不得",)),
        ("企业应当在七日内报告。", "企业必须在七日内报告。", ()),
        ("应当公开；可以查阅。", "可以公开；应当查阅。", ("应当→可以", "可以→应当")),
        ("供应当地居民。", "供给当地居民。", ()),
    ],
)
def test_words_that_oblige_allow_and_forbid_are_marked_where_they_change(
    old: str, new: str, expected: tuple[str, ...]
) -> None:
    assert marks(old, new) == expected


@given(
    st.permutations(range(len(SENTENCES))),
    st.sets(st.integers(0, len(SENTENCES) - 1), max_size=5),
    st.sets(st.integers(0, len(SENTENCES) - 1), max_size=5),
)
def test_every_article_stands_in_one_pair_whatever_was_changed(
    order: Sequence[int], gone: set[int], reworded: set[int]
) -> None:
    kept = [at for at in order if at not in gone]
    new = [SENTENCES[at] + ("具体办法另行制定。" if at in reworded else "") for at in kept]
    pairs = align(articles(SENTENCES), articles(new))
    assert sorted(p.old.number for p in pairs if p.old) == [*range(1, len(SENTENCES) + 1)]
    assert [p.new.number for p in pairs if p.new] == [*range(1, len(new) + 1)]
    for pair in pairs:
        if pair.new is not None and pair.old is not None:
            assert pair.old.number == kept[pair.new.number - 1] + 1
            assert (pair.old.text == pair.new.text) == (pair.change in ("same", "moved"))


@given(
    st.text("河道保洁应当可以不得，。", max_size=30),
    st.text("河道保洁应当可以不得，。", max_size=30),
)
def test_runs_give_both_texts_back(old: str, new: str) -> None:
    found = runs(old, new)
    assert "".join(run.text for run in found if run.kind != "inserted") == old
    assert "".join(run.text for run in found if run.kind != "deleted") == new
