"""Days, terms, citations and identity in layouts of other drafters, guilty beside innocent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from documents.checks.documents import load
from documents.checks.engine import run
from documents.laws.table import load as load_laws
from tests.documents.papers import markdown

TODAY = date(2026, 12, 1)
CHECKS = load()
TABLE = load_laws()
_FORCE = "本办法自2026年6月1日起施行"
_END = f"{_FORCE}，有效期至2031年5月31日。"
_SIGNED = "平湖镇人民政府\n\n2026年4月1日"


def found(
    folder: Path, *, body: str = "", end: str = _END, head: str = "", signed: str = _SIGNED
) -> set[str]:
    """Checks of form that ask something of a document which nothing excuses."""
    text = (
        f"# 平湖镇公共事务管理办法\n\n{head}\n\n第一条 为了加强公共事务管理，制定本办法。\n\n"
        f"第二条 {body or '镇人民政府负责管理。'}\n\n第三条 {end}\n\n{signed}\n"
    )
    hits = run(markdown(folder / "办法.md", text), CHECKS, TABLE, TODAY)
    return {of.check for of in hits if of.excluded is None}


@pytest.mark.parametrize(
    ("end", "check"),
    [
        (f"{_FORCE}，2031年5月31日后自行失效。", ""),
        (f"{_FORCE}，执行到2029年底。", ""),
        ("本办法的有效期为2026年6月1日至2031年5月31日。", ""),
        (f"{_FORCE}，试行三个月。", "validity-expired"),
        (f"{_FORCE}，2026年9月30日后不再执行。", "validity-expired"),
        (f"{_FORCE}，在新的规定出台之前一直有效。", "validity-over"),
        (f"{_FORCE}，有效期五年零六个月。", "validity-over"),
        (f"{_FORCE}。租赁合同为期三年。", "validity-missing"),
        (f"{_FORCE}。《平湖镇摊点办法》有效期至2022年6月30日。", "validity-missing"),
        ("本办法的效力追溯到2026年1月1日，有效期三年。", "force-before-published"),
        ("本办法印发后立即执行，有效期三年。", "force-too-soon"),
        ("鉴于补贴发放在即，本办法自公布之日起施行，有效期三年。", ""),
    ],
)
def test_given_a_last_article_in_other_words_then_its_days_are_understood(
    tmp_path: Path, end: str, check: str
) -> None:
    assert found(tmp_path, end=end) == ({check} if check else set())


@pytest.mark.parametrize(
    "body",
    [
        "行业标准自2020年1月1日起施行的，按该标准验收。",
        "更正通知自发布之日起适用于未办事项。",
        "本办法附件所列目录长期有效的，仅指保管期限。",
    ],
)
def test_given_days_and_terms_of_other_things_then_they_are_none_of_the_document(
    tmp_path: Path, body: str
) -> None:
    assert not found(tmp_path, body=body)


@pytest.mark.parametrize("line", ["2026年　　月　　日", "××××年×月×日", "日期：", "（盖章）"])
def test_given_a_signature_without_its_day_then_it_is_missing(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, signed=f"平湖镇人民政府\n\n{line}") == {"date-missing"}


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("听证按照《行政处罚法》第四十二条进行。", "older-version"),
        ("听证按照《行政处罚法》第六十三条进行。", ""),
        ("依照2017年版《行政处罚法》第五条执行。", "older-version"),
        ("依照《民法典》第十条办理；该法第一千三百条亦适用。", "missing-article"),
        ("赔偿适用《民法通则》第一百一十七条。", "repealed-law"),
        ("《婚姻法》已被《民法典》取代，窗口应当更换告示。", ""),
        ("有第八条情形之一的，予以通报。", "own-article"),
        ("按照本条第四款办理。", "own-article"),
        ("服务协议第八条所列情形，由双方协商。", ""),
        ("复查适用《信访工作条例》第三十五条，复核适用第三十六条。", ""),
    ],
)
def test_given_a_citation_then_only_one_that_does_not_hold_is_shown(
    tmp_path: Path, body: str, check: str
) -> None:
    assert found(tmp_path, body=body) == ({check} if check else set())


def test_given_points_instead_of_articles_then_their_citations_are_read(tmp_path: Path) -> None:
    document = markdown(
        tmp_path / "意见.md",
        "# 平湖镇人民政府关于规范小额工程的意见\n\n一、总体要求\n\n（一）违约责任适用"
        "《中华人民共和国合同法》第一百零七条。\n\n（二）按照本意见第九部分办理。\n\n二、实施\n\n"
        "（一）本意见自2026年6月1日起施行，有效期三年。\n\n平湖镇人民政府\n\n2026年4月1日\n",
    )
    hits = run(document, CHECKS, TABLE, TODAY)
    assert {of.check for of in hits if of.excluded is None} == {"repealed-law", "own-article"}


@pytest.mark.parametrize(
    ("head", "body", "signed", "same"),
    [
        ("（2026年3月20日镇长办公会议通过）", "", _SIGNED, True),
        ("（2026年4月20日镇长办公会议通过）", "", _SIGNED, False),
        ("", "本办法适用于平湖镇行政区域。", _SIGNED, True),
        ("", "本办法适用于东河镇行政区域。", _SIGNED, False),
        ("", "", f"{_SIGNED}\n\n平湖镇人民政府　2026年4月3日印发", True),
        ("", "", f"{_SIGNED}\n\n平湖镇人民政府　2026年3月1日印发", False),
        ("平检发〔2026〕3号", "", _SIGNED, False),
        ("", "", "东河镇人民政府\n\n2026年4月1日", False),
    ],
)
def test_given_day_place_and_maker_twice_then_they_must_agree(
    tmp_path: Path, head: str, body: str, signed: str, same: bool
) -> None:
    assert ("identity" not in found(tmp_path, head=head, body=body, signed=signed)) is same
