"""Rules on their page and over the API: tried on a year, saved with a reason, told apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from api.platforms.budget.findings.actions import screening
from api.platforms.budget.findings.tables import FINDING
from api.platforms.budget.rulebook import repository as rulebook
from api.platforms.budget.rulebook.tables import RULE
from api.platforms.budget.rules.records.parts import Typed
from api.platforms.budget.rules.records.reading import same, written
from budget.detection.documents import load
from budget.detection.records import RuleDocument
from tests.api.budget.test_payments import Row, sent
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of

pytestmark = pytest.mark.parametrize("kind", BOTH)
RUSH = "year-end-rush"
PAGE, API = f"/budget/rules/{RUSH}", f"/api/v1/budget/rules/{RUSH}"
WHY = "本区项目多在十二月验收"


def payments(unit: str, name: str, monthly: dict[int, tuple[int, int]]) -> Iterator[Row]:
    """A payment a month: of each year what is paid in each month up to October, and from then on."""
    for year, (early, late) in monthly.items():
        for month in range(1, 13):
            yuan = early if month <= 10 else late
            number = f"{unit}-{year}{month:02}"
            day = f"{year}-{month:02}-15"
            yield (
                *(number, unit, name, "清河环保有限公司", "6222", f"{yuan}.00", day),
                *("河道保洁", "30227 委托业务费", "", ""),
            )


EVEN = (100_000, 100_000)
BOOKS = (
    *payments("101", "水利局", {2023: EVEN, 2024: EVEN, 2025: (50_000, 500_000)}),
    *payments("102", "教育局", {2023: EVEN, 2024: EVEN, 2025: (80_000, 270_000)}),
    *payments("103", "民政局", {2023: EVEN, 2024: EVEN, 2025: EVEN}),
)
"""In 2025 the first unit pays two thirds in the last two months, the second four tenths."""


def form(client: httpx.Client, rule_id: str = RUSH, **changes: Any) -> dict[str, Any]:
    """The form of a rule as its page has it, with some values of ours; dots are ``__``."""
    page = client.get(f"/budget/rules/{rule_id}").text
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    typed: Typed = {**written(DOCUMENTS[rule_id]), "version": (found[1],)}
    return {**typed, **{name.replace("__", "."): value for name, value in changes.items()}}


DOCUMENTS: dict[str, RuleDocument] = {of.id: of for of in load()}


def in_force(centre: RunningCentre, rule_id: str = RUSH) -> RuleDocument:
    """A rule as the next run has it."""
    with centre.services.state.read() as connection:
        return next(of for of in rulebook.in_force(connection) if of.id == rule_id)


def figures(page: str) -> list[list[str]]:
    """The table of a trial."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    return [re.findall(r'<td class="number">(.*?)</td>', row) for row in table.split("</tr>")[:-1]]


def test_given_a_plant_when_a_rule_is_tried_on_a_year_then_both_are_compared_and_nothing_is_saved(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Newly found and no longer found, by sentence, unit and amount; of that year alone."""
    sent(clerk, BOOKS)
    wide = clerk.post(PAGE, data=form(clerk, parameters__share="0.35", do="try", year="2025"))
    assert wide.status_code == 200, wide.text
    assert figures(wide.text) == [
        ["1", "2", "+1"],
        ["1", "2", "+1"],
        ["100.00", "154.00", "+54.00"],
    ]
    fresh = wide.text[wide.text.index('id="fresh"') : wide.text.index('id="gone"')]
    assert "教育局" in fresh
    assert "水利局" not in fresh
    strict = clerk.post(f"{API}/trial", json={"parameters": {"share": 0.7}, "year": "2025"}).json()
    assert (strict["now"]["findings"], strict["draft"]["findings"], strict["both"]) == (1, 0, 0)
    assert strict["payments"] == 36
    assert [(of["unit"], of["amount_fen"]) for of in strict["gone"]] == [("101", 100_000_000)]
    before = clerk.post(f"{API}/trial", json={"parameters": {"share": 0.1}, "year": "2024"}).json()
    assert (before["now"]["findings"], before["draft"]["findings"]) == (0, 0)
    assert in_force(centre) == DOCUMENTS[RUSH]
    with centre.services.state.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(RULE)) == 0


def test_given_a_withdrawn_load_when_a_rule_is_tried_again_then_it_sees_the_payments_no_more(
    clerk: httpx.Client,
) -> None:
    """Books that are kept between trials are never those of yesterday."""
    rest = [row for row in BOOKS if row[1] != "101"]
    sent(clerk, tuple(rest), "其他.csv")
    load_ = sent(clerk, tuple(row for row in BOOKS if row[1] == "101"), "水利.csv")
    tried = {"parameters": {}, "year": "2025"}
    assert clerk.post(f"{API}/trial", json=tried).json()["now"]["findings"] == 1
    away = clerk.post(f"/api/v1/imports/loads/{load_['id']}/withdraw", json={"why": "发错了"})
    assert away.is_success, away.text
    assert clerk.post(f"{API}/trial", json=tried).json()["now"]["findings"] == 0


def test_when_a_rule_is_saved_then_the_next_run_follows_it_and_the_audit_knows_who_and_why(
    centre: RunningCentre, clerk: httpx.Client, administrator: httpx.Client
) -> None:
    """The version before stays, and going back is a version of its own."""
    changed = form(clerk, parameters__share="0.6", reason=WHY, do="save")
    assert clerk.post(PAGE, data=changed).status_code == 303
    rule = in_force(centre)
    assert (rule.parameters["share"], rule.version, rule.reason) == (0.6, 2, WHY)
    sent(clerk, BOOKS)
    screening.refresh(core_of(centre).acting)
    with centre.services.state.read() as connection:
        asked = sa.select(FINDING.c.unit, FINDING.c.rule_version).where(FINDING.c.rule == RUSH)
        assert [of.rule_version for of in connection.execute(asked)] == [2]
    page = clerk.get(PAGE).text
    assert WHY in page
    assert "0.45 → 0.6" in page
    assert f"{PAGE}?version=1" in page
    back = clerk.post(
        f"{API}/versions",
        json={
            "parameters": dict(DOCUMENTS[RUSH].parameters),
            "version": 2,
            "reason": "恢复原来的数值",
        },
    )
    assert back.status_code == 201, back.text
    assert same(in_force(centre), DOCUMENTS[RUSH])
    versions = clerk.get(f"{API}/versions").json()
    assert [(of["version"], of["account"]) for of in versions] == [
        (3, "lianluo"),
        (2, "lianluo"),
        (1, ""),
    ]
    rows = administrator.get(
        "/api/v1/administration/audit", params={"action": "budget.save-rule"}
    ).json()["rows"]
    assert [(of["who"], of["subject"]) for of in rows] == [("lianluo", RUSH)] * 2
    assert json.loads(rows[-1]["detail"]) == {"version": 2, "reason": WHY}


def test_given_values_that_do_not_hold_then_each_field_says_so_and_what_was_typed_stays(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """In the form by the words of its fields; over the API by paths."""
    sent(clerk, BOOKS[:1])
    typed = form(
        clerk,
        parameters__share="一半",
        parameters__from_month="13",
        parameters__at_least_cents="-1",
        exclusions__rows="1",
        exclusions__0__column="payee",
        exclusions__0__text="",
        exclusions__0__reason="学校集中开学",
        reason="先试试",
        do="try",
        year="2023",
    )
    refused = clerk.post(PAGE, data=typed)
    assert refused.status_code == 422
    for path in ("share", "from_month", "at_least_cents"):
        assert f'id="wrong-parameters.{path}"' in refused.text, path
    assert 'id="wrong-exclusions.0.text"' in refused.text
    assert "应填 1 到 12 之间的数" in refused.text
    for text in ("一半", 'value="13"', 'value="-1"', "学校集中开学", "先试试"):
        assert text in refused.text, text
    for body, where in (
        ({"parameters": {"share": 1.5}}, "parameters.share"),
        ({"parameters": {"share": "much"}}, "parameters.share"),
        ({"parameters": {"shares": 0.5}}, "parameters"),
        (
            {"exclusions": [{"column": "colour", "text": "a", "reason": "b"}]},
            "exclusions[0].column",
        ),
    ):
        answer = clerk.post(f"{API}/trial", json={**body, "year": "2023"})
        assert answer.status_code == 422
        assert answer.json()["faults"][0]["where"] == where
    year = clerk.post(f"{API}/trial", json={"year": "1999"})
    assert (year.status_code, year.json()["faults"][0]["where"]) == (422, "year")
    for reason in ("", " ", "字" * 501):
        saved = clerk.post(
            PAGE, data=form(clerk, parameters__share="0.6", reason=reason, do="save")
        )
        assert saved.status_code == 422
        assert 'id="wrong-reason"' in saved.text
    unchanged = clerk.post(PAGE, data=form(clerk, reason=WHY, do="save"))
    assert "没有需要保存的改动" in unchanged.text
    assert in_force(centre) == DOCUMENTS[RUSH]


def test_given_two_people_on_one_rule_when_the_second_saves_then_it_is_told_who_was_first(
    centre: RunningCentre, clerk: httpx.Client, address: str
) -> None:
    """Nothing of the second is lost, and nothing of the first is overwritten."""
    with httpx.Client(base_url=address, timeout=60) as supervisor:
        entered(supervisor, "daigongwei")
        late = form(supervisor, parameters__share="0.9", reason="第二个人的原因", do="save")
        first = clerk.post(PAGE, data=form(clerk, parameters__share="0.6", reason=WHY, do="save"))
        assert first.status_code == 303
        second = supervisor.post(PAGE, data=late)
        assert second.status_code == 422
        assert "刚刚保存了新版本" in second.text
        assert "第二个人的原因" in second.text
        assert 'value="0.9"' in second.text
        body = {"parameters": {"share": 0.9}, "version": 1, "reason": "第二个人的原因"}
        assert supervisor.post(f"{API}/versions", json=body).status_code == 409
    assert in_force(centre).parameters["share"] == 0.6


def test_an_exclusion_is_added_and_taken_away_without_scripts(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """A row more is shown on request; one that is ticked goes."""
    more = clerk.post(PAGE, data=form(clerk, do="more-exclusions", parameters__share="0.5"))
    assert 'value="0.5"' in more.text
    added = form(
        clerk,
        exclusions__rows="1",
        exclusions__0__column="payee",
        exclusions__0__text="供电",
        exclusions__0__reason="电费年底结算",
        exclusions__0__whole="yes",
        reason=WHY,
        do="save",
    )
    assert clerk.post(PAGE, data=added).status_code == 303
    (one,) = in_force(centre).exclusions
    assert (one.column, one.text, one.reason, one.whole) == ("payee", "供电", "电费年底结算", True)
    assert "收款人是“供电”：电费年底结算" in clerk.get("/budget/rules").text
    gone = {**added, "version": "2", "exclusions.0.remove": "yes"}
    assert clerk.post(PAGE, data=gone).status_code == 303
    assert in_force(centre).exclusions == ()


def test_given_no_indicators_then_a_trial_says_what_is_missing(clerk: httpx.Client) -> None:
    """Nothing found is not nothing wrong."""
    sent(clerk, BOOKS[:12])
    rule_id = "over-indicator"
    tried = clerk.post(
        f"/budget/rules/{rule_id}", data=form(clerk, rule_id, do="try", year="2023")
    )
    assert tried.status_code == 200
    assert "这条规则没有运行，缺少：" in tried.text


def test_natural_persons_are_masked_in_a_trial(clerk: httpx.Client) -> None:
    """A sentence names a payee like a list does."""
    row = ("101", "水利局", "张三", "6222", "9000.00")
    rest = ("防汛值班补助", "30226 劳务费", "", "")
    sent(clerk, (("1", *row, "2025-03-05", *rest), ("2", *row, "2025-03-06", *rest)))
    rule_id = "duplicate-payment"
    body = {"parameters": {"least_yuan": 10_000}, "year": "2025"}
    found = clerk.post(f"/api/v1/budget/rules/{rule_id}/trial", json=body).json()
    (gone,) = found["gone"]
    assert "张*" in gone["sentence"]
    assert "张三" not in gone["sentence"]


def test_given_a_saved_version_that_its_kind_no_longer_understands_then_the_one_before_is_in_force(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """The page says so, and the next version has a number of its own."""
    broken = msgspec.structs.replace(
        DOCUMENTS[RUSH], parameters={"share_of_old": 0.5}, version=2, author="王芳", reason=WHY
    )
    with centre.services.state.begin() as connection:
        rulebook.save(connection, broken, account="lianluo", saved_ms=1)
    assert in_force(centre) == DOCUMENTS[RUSH]
    assert "系统升级后不再适用" in clerk.get(PAGE).text
    saved = clerk.post(PAGE, data=form(clerk, parameters__share="0.6", reason=WHY, do="save"))
    assert saved.status_code == 303
    assert in_force(centre).version == 3


def test_a_deputy_and_a_unit_see_no_rules(deputy: httpx.Client, clerk: httpx.Client) -> None:
    """The office's alone; every rule of the product has its card."""
    assert deputy.get("/budget/rules").status_code == 403
    assert deputy.post(PAGE, data={"do": "save"}).status_code == 403
    listed = clerk.get("/budget/rules").text
    assert [of for of in DOCUMENTS if f'id="{of}"' not in listed] == []
    assert [of["id"] for of in clerk.get("/api/v1/budget/rules").json()] == sorted(DOCUMENTS)


def test_given_a_reader_of_english_then_a_rule_has_its_source_in_english_with_the_chinese_title(
    clerk: httpx.Client,
) -> None:
    """By the title it is found; known false alarms are said in English alone."""
    page = clerk.get("/budget/rules", headers={"Accept-Language": "en"}).text
    assert "Budget Law art. 57 (3): spend by the budget" in page
    assert "(预算法第57条第3款" in page
    assert "Round instalments whose contract is not recorded" in page
    assert "没有登记合同的整数分期款" not in page
    assert "没有登记合同的整数分期款" in clerk.get("/budget/rules").text
