"""Checks as people change them: tried on every kept text, saved as they were tried; the table of
laws by which they and citations go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.platforms.documents.checks import actions as checks
from api.platforms.documents.checks.records.form import written
from api.platforms.documents.rulebook import repository as rulebook
from api.platforms.documents.rulebook.actions import hits as hits_of
from documents.checks.documents import load
from documents.checks.records import CheckDocument
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.documents.test_check_hits import FINES
from tests.api.documents.test_texts import kept

both = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/documents/checks/penalty", "/api/v1/documents/checks/penalty"
DOCUMENTS: dict[str, CheckDocument] = {of.id: of for of in load()}
PENALTY = DOCUMENTS["penalty"]
WIDER = "责令~作出检查"
SCOLDS = """通州区市场管理规定

通政规〔2024〕9号

第一条 为了加强市场管理，制定本规定。

第二条 经营者不按时出摊的，责令其书面作出检查。

第三条 本规定自2024年5月1日起施行，有效期5年。
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


def in_force(centre: RunningCentre, check: str = "penalty") -> CheckDocument:
    """A check as hits are made by it."""
    with centre.services.state.read() as connection:
        return rulebook.current(rulebook.all_versions(connection)[check]).document


def form(check: CheckDocument = PENALTY, **changes: str) -> dict[str, Any]:
    """The form of a check with some values of ours; dots are ``__``."""
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    return {**written(check), "version": "1", "trial": "", "reason": "", **changed}


def phrases(more: str) -> str:
    """The phrases of the check as its form has them, and one more."""
    return written(PENALTY)["parameters.phrases"] + "\n" + more


@both
def test_given_kept_texts_when_a_phrase_is_widened_then_what_it_would_flag_is_seen_before_it_is_saved(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Saving asks for a trial of this very draft and for a reason; nothing that was typed is
    lost.
    """
    kept(clerk, FINES)
    kept(clerk, SCOLDS)
    typed = form(parameters__phrases=phrases(WIDER))
    untried = clerk.post(PAGE, data={**typed, "do": "save", "reason": "本区常见写法"})
    assert untried.status_code == 422
    assert "还没有试算过" in untried.text
    assert WIDER in untried.text
    assert "本区常见写法" in untried.text
    tried = clerk.post(PAGE, data={**typed, "do": "try"}, follow_redirects=True)
    fresh = tried.text[tried.text.index('id="fresh"') : tried.text.index('id="gone"')]
    assert "责令其书面作出检查" in fresh
    assert "《通州区市场管理规定》" in fresh
    assert "已检查全部 2 件文件，1 处有变化" in tried.text
    assert in_force(centre) == PENALTY
    trial = str(tried.url).partition("trial=")[2].partition("#")[0]
    other = form(parameters__phrases=phrases(WIDER + "\n责令~检讨"), trial=trial, reason="另一种")
    assert "还没有试算过" in clerk.post(PAGE, data={**other, "do": "save"}).text
    saved = clerk.post(
        PAGE, data={**typed, "trial": trial, "reason": "本区常见写法", "do": "save"}
    )
    assert saved.status_code == 303, saved.text
    now = in_force(centre)
    assert (now.version, now.reason) == (2, "本区常见写法")
    assert WIDER in now.parameters["phrases"]  # type: ignore[operator]
    page = clerk.get(PAGE).text
    assert f"要找的写法增加：{WIDER}" in page
    sheet = clerk.get(f"{PAGE}/trials/{trial}.csv").text
    assert "责令其书面作出检查" in sheet


@both
def test_given_faults_in_a_form_when_it_is_sent_then_each_is_named_at_its_field_and_all_that_was_typed_stays(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """The phrase is quoted in words of people; a row is as it was, ticks too."""
    wrong = form(
        parameters__phrases="罚款(元|万元\n" + phrases(WIDER),
        exclusions__0__reason="",
        exclusions__1__phrases="…~…~…~",
        exclusions__2__remove="yes",
        parameters__words__0__lines="",
        reason="写了一半",
    )
    page = clerk.post(PAGE, data={**wrong, "do": "try"})
    assert page.status_code == 422
    for said in (
        "“要找的写法”中的“罚款(元|万元”括号不成对",
        "请填写“第 1 条的排除的理由”",
        "“第 2 条的要找的写法”中的“…~…~…~”没有可找的字",
        "请填写“第 1 条的词语”",
    ):
        assert said in page.text, said
    assert "罚款(元|万元" in page.text
    assert "写了一半" in page.text
    ticked = page.text.partition('name="exclusions.2.remove" value="yes"')[2]
    assert ticked.startswith(" checked")
    assert in_force(centre) == PENALTY


def test_given_limits_as_parameters_when_the_validity_is_shortened_then_more_texts_are_asked_about(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Over the API: five years in the text, three by the draft; a figure beyond its limits is
    refused, and switching off is a change like others.
    """
    kept(clerk, SCOLDS)
    api = "/api/v1/documents/checks/validity-over"
    far = clerk.post(f"{api}/trials", json={"parameters": {"years": 80}})
    assert far.status_code == 422
    assert far.json()["faults"][0]["where"] == "parameters.years"
    odd = clerk.post(f"{api}/trials", json={"parameters": {"years": "三"}})
    assert (odd.status_code, odd.json()["faults"][0]["where"]) == (422, "parameters.years")
    trial = clerk.post(f"{api}/trials", json={"parameters": {"years": 3}}).json()
    assert (trial["done"], trial["now"], trial["draft"]) == (True, 0, 1)
    assert [(of["change"], of["label"]) for of in trial["lines"]] == [("fresh", "第三条")]
    body = {"parameters": {"years": 3}, "version": 1, "trial": trial["id"], "reason": "三年一清理"}
    assert clerk.post(f"{api}/versions", json=body).status_code == 201
    assert "有效期超过3年" in clerk.get("/documents/texts/1/checks").text
    again = clerk.post(f"{api}/versions", json={**body, "reason": "又一次"})
    assert again.status_code == 409
    off = clerk.post(f"{api}/trials", json={"on": False}).json()
    assert off["counts"] == {"gone": 1}
    body = {"on": False, "version": 2, "trial": off["id"], "reason": "暂不检查"}
    assert clerk.post(f"{api}/versions", json=body).status_code == 201
    assert "有效期超过" not in clerk.get("/documents/texts/1/checks").text
    assert [of["reason"] for of in clerk.get(f"{api}/versions").json()] == [
        "暂不检查",
        "三年一清理",
        "",
    ]


@both
def test_given_a_text_that_came_after_the_trial_when_it_is_saved_then_the_trial_must_see_it_first(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trial that is long goes on by itself, slice by slice, and shows how far it is."""
    for number in range(5):
        kept(clerk, SCOLDS.replace("〔2024〕9", f"〔2024〕{number + 20}"))
    monkeypatch.setattr(checks, "A_SLICE", 2)
    monkeypatch.setattr(checks, "AT_ONCE_S", 0.0)
    typed = form(parameters__phrases=phrases(WIDER), reason="本区常见写法")
    begun = clerk.post(PAGE, data={**typed, "do": "try"}, follow_redirects=True)
    assert "已检查 0 件，共 5 件" in begun.text
    trial = str(begun.url).partition("trial=")[2].partition("#")[0]
    early = clerk.post(PAGE, data={**typed, "trial": trial, "do": "save"})
    assert "还有 5 件文件没有检查" in early.text
    checks.follow(core_of(centre))
    found = clerk.get(f"{API}/trials/{trial}").json()
    assert (found["done"], found["texts"], found["counts"]) == (True, 5, {"fresh": 5})
    elsewhere = API.replace("penalty", "charge")
    assert clerk.get(f"{elsewhere}/trials/{trial}").status_code == 404, "it is of another check"
    kept(clerk, SCOLDS.replace("〔2024〕9", "〔2024〕99"))
    late = clerk.post(PAGE, data={**typed, "trial": trial, "do": "save"})
    assert "还有 1 件文件没有检查" in late.text
    checks.follow(core_of(centre))
    saved = clerk.post(PAGE, data={**typed, "trial": trial, "do": "save"})
    assert saved.status_code == 303, saved.text


@both
def test_given_a_law_that_the_table_lacks_when_it_is_entered_then_citations_and_checks_know_its_repeal(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Old and short names lead to one entry; a name means one law; nobody's entry is lost."""
    text = kept(clerk, CITING)
    cited = {
        of["law"]: of for of in clerk.get(f"/api/v1/documents/texts/{text}").json()["citations"]
    }
    assert cited["环评法"]["title"] == "中华人民共和国环境影响评价法"
    assert cited["环评法"]["repealed"] == "2026-08-15"
    assert cited["通州区户外广告条例"]["title"] is None
    page = deputy.get(f"/documents/texts/{text}").text
    assert "自 2026-08-15 起废止，由《中华人民共和国生态环境法典》代替" in page
    assert "即《中华人民共和国环境影响评价法》" in page
    assert "/documents/laws/" not in page
    law = {
        "title": "通州区户外广告条例",
        "kind": "local",
        "versions.rows": "1",
        "versions.0.since": "2015-01-01",
        "repealed": "2025-03-01",
        "source": "区人大公告〔2025〕1号",
        "mark": "read",
        "short": "户外广告条例\n环评法",
    }
    taken = clerk.post("/documents/laws/new", data={**law, "reason": "清理"})
    assert (taken.status_code, "“环评法”已经是" in taken.text) == (422, True)
    assert "户外广告条例" in taken.text
    law["short"] = "户外广告条例"
    assert "请写明登记或者修改的原因" in clerk.post("/documents/laws/new", data=law).text
    made = clerk.post("/documents/laws/new", data={**law, "reason": "清理"}, follow_redirects=True)
    assert "自 2025-03-01 起废止" in made.text
    with centre.services.state.read() as connection:
        found = hits_of(connection, centre.services, text)
    repealed = [(of.label, of.words) for of in found if of.check == "repealed-law"]
    assert ("第三条", "《通州区户外广告条例》") in repealed
    listed = clerk.get("/api/v1/documents/laws", params={"q": "户外广告"}).json()
    assert [(of["title"], of["standing"], of["mark"]) for of in listed["laws"]] == [
        ("通州区户外广告条例", "repealed", "read")
    ]
    key = listed["laws"][0]["key"]
    edit = clerk.get(f"/documents/laws/{key}/edit").text
    assert 'value="2015-01-01"' in edit
    body = {**law, "after": "1", "mark": "secondary", "reason": "只见到转载"}
    assert clerk.post(f"/documents/laws/{key}/edit", data=body).status_code == 303
    first = clerk.post(f"/documents/laws/{key}/edit", data={**body, "mark": "unverified"})
    assert "刚刚修改了这条登记" in first.text
    assert "已核对原文 → 二手来源" in clerk.get(f"/documents/laws/{key}").text
    assert deputy.get("/documents/laws").status_code == 403


CITING = """通州区市容管理办法

通政规〔2026〕5号

第一条 为了加强市容管理，制定本办法。

第二条 建设项目依照《环评法》第十六条的规定办理。

第三条 设置广告牌应当符合《通州区户外广告条例》的规定。

第四条 本办法自2026年10月1日起施行，有效期5年。
"""


def test_journey_a_clerk_widens_a_phrase_saves_it_judges_a_hit_and_finds_the_like_clause_elsewhere(
    clerk: httpx.Client,
) -> None:
    """From the list of checks to the clause of another text, on pages alone."""
    text = kept(clerk, SCOLDS)
    other = kept(clerk, SCOLDS.replace("市场", "夜市").replace("〔2024〕9", "〔2024〕31"))
    assert "设定行政处罚" in clerk.get("/documents/checks").text
    typed = form(parameters__phrases=phrases(WIDER))
    tried = clerk.post(PAGE, data={**typed, "do": "try"}, follow_redirects=True)
    assert "《通州区夜市管理规定》" in tried.text
    trial = str(tried.url).partition("trial=")[2].partition("#")[0]
    done = clerk.post(
        PAGE,
        data={**typed, "trial": trial, "reason": "镇街常用", "do": "save"},
        follow_redirects=True,
    )
    assert "新版本已保存" in done.text
    assert f"/documents/texts/{text}/checks" in clerk.get(f"/documents/texts/{text}").text
    page = clerk.get(f"/documents/texts/{text}/checks").text
    assert "<mark>责令其书面作出检查</mark>" in page
    assert "行政处罚法第十六条" in page
    listed = clerk.get(f"/api/v1/documents/texts/{text}/checks").json()["hits"]
    key = next(of["key"] for of in listed if of["check"] == "penalty")
    address = f"/documents/texts/{text}/checks"
    unsaid = clerk.post(address, data={"hit": key, "verdict": "clear", "reason": " "})
    assert (unsaid.status_code, "请写明理由" in unsaid.text) == (422, True)
    word = {"hit": key, "verdict": "clear", "reason": "书面检查不是行政处罚"}
    judged = clerk.post(address, data=word, follow_redirects=True)
    assert "认为不是问题：书面检查不是行政处罚" in judged.text
    assert "已有 1 处由人看过，0 处值得审查（0%）" in clerk.get(PAGE).text
    similar = clerk.get(f"/documents/texts/{text}/similar", params={"hit": key}).text
    assert f"/documents/texts/{other}" in similar
    assert "相似 100%" in similar
