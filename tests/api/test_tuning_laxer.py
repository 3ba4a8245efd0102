"""A rule is made laxer than the standard by two people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from alerting.proposals.laxity import laxities
from alerting.proposals.repository import Proposal
from alerting.rules.conditions.limit import Limit
from alerting.rules.rule import Rule
from api.tables import AUDIT
from config.catalogue import loading
from config.vocabulary.time import DAY_MS
from tests.api.conftest import (
    FOLDER,
    NOW_MS,
    PASSWORDS,
    RunningCentre,
    entered,
    rules_of_district,
)
from tests.api.test_alerts import text_of
from tests.api.test_tuning import ALARM, API, CRITICAL, LEVELS, NEW, STATION

LAXER = NEW | {"levels": LEVELS, "reason": "本段背景值偏高"}
PAGE = "/environment/rules/ammonia-over-class"
DUST = "/api/v1/rules/fine-particles-high"
STRICTER_ON_MS = 1_924_963_200_000
"""2031-01-01 in the district: fine particles of a day fall from 60 to 50 μg/m³ (GB 3095-2026)."""


def proposed(client: httpx.Client, **changes: object) -> int:
    """The id of what was proposed."""
    answer = client.post(f"{API}/versions", json=LAXER | changes)
    assert answer.status_code == 202, answer.text
    found: int = answer.json()["id"]
    return found


def in_force(client: httpx.Client) -> tuple[int, float]:
    """The version that holds, and its first limit."""
    (rule,) = (r for r in client.get("/api/v1/rules").json() if r["id"] == "ammonia-over-class")
    return rule["version"], rule["levels"][0]["limit"]


def audited(centre: RunningCentre) -> list[tuple[str, str]]:
    """Who did what with rules."""
    query = sa.select(AUDIT).where(AUDIT.c.action.like("rule.%")).order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        return [(row.who, row.action) for row in connection.execute(query)]


def test_a_limit_laxer_than_the_standard_holds_when_another_person_confirmed_it(
    centre: RunningCentre, officer: httpx.Client, colleague: httpx.Client
) -> None:
    """Until then the rule is as it was; the page says what waits for whom."""
    made = proposed(officer)
    assert in_force(officer) == (1, 1.0)
    text = text_of(colleague.get(PAGE))
    for said in (
        "待确认的修改",
        "警告限值 1 → 1.5 mg/L",
        "氨氮的标准限值为 1 mg/L，拟改为 1.5 mg/L",
    ):
        assert said in text
    assert "确认并生效" in text

    saved = colleague.post(f"{API}/proposals/{made}/confirm")

    assert saved.status_code == 200, saved.text
    assert (saved.json()["version"], saved.json()["author"]) == (2, "李岚")
    assert in_force(officer) == (2, 1.5)
    assert "赵磊" in text_of(officer.get(PAGE))
    assert "待确认的修改" not in text_of(officer.get(PAGE))
    assert audited(centre) == [("huanbao", "rule.propose"), ("zhaolei", "rule.confirm")]
    (kept,) = officer.get(f"{API}/proposals").json()
    assert (kept["state"], kept["decided_by"]) == ("confirmed", "赵磊")


def test_a_deputy_reads_what_is_proposed_and_decides_nothing(
    officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Nor does the list of rules keep it from anybody; who confirmed it stays with the version."""
    made = proposed(officer)
    assert "待确认的修改" in text_of(deputy.get("/environment/rules"))
    answer = deputy.get(PAGE)
    for said in ("警告限值 1 → 1.5 mg/L", "本段背景值偏高", "李岚"):
        assert said in text_of(answer)
    assert "/proposals/" not in answer.text
    assert deputy.get(f"{API}/proposals").json()[0]["state"] == "open"
    assert deputy.post(f"{API}/proposals/{made}/confirm").status_code == 403


@pytest.mark.parametrize("one", ["huanbao", "lianluo"])
def test_neither_of_two_who_proposed_for_one_another_confirms(one: str) -> None:
    """The clerk who acted is as little a second person as whom they acted for."""
    rule = next(rule for rule in rules_of_district() if rule.id == "ammonia-over-class")
    made = Proposal(1, rule, "", "huanbao", "lianluo", "r", 0, "open", None, None, None)
    assert made.made_by("someone", one)
    assert not made.made_by("someone")


def test_whoever_proposed_cannot_confirm(centre: RunningCentre, officer: httpx.Client) -> None:
    """Neither over the API nor by the page, which offers no button for it."""
    made = proposed(officer)
    answer = officer.post(f"{API}/proposals/{made}/confirm")
    assert (answer.status_code, answer.json()["words"]) == (422, "须由另一位工作人员确认")
    assert officer.post(f"{PAGE}/proposals/{made}/confirm").status_code == 422
    text = text_of(officer.get(PAGE))
    assert ("确认并生效" in text, "撤回" in text) == (False, True)
    assert in_force(officer) == (1, 1.0)
    assert audited(centre) == [("huanbao", "rule.propose")]


@pytest.mark.parametrize("whose", ["own", "another's"])
def test_a_proposal_is_taken_back_or_declined_once(
    centre: RunningCentre, officer: httpx.Client, colleague: httpx.Client, whose: str
) -> None:
    """After which nobody can confirm it."""
    made = proposed(officer)
    by = officer if whose == "own" else colleague
    assert by.post(f"{API}/proposals/{made}/withdraw").json()["state"] == "withdrawn"
    assert colleague.post(f"{API}/proposals/{made}/confirm").status_code == 409
    assert by.post(f"{API}/proposals/{made}/withdraw").status_code == 409
    shown = colleague.post(f"{PAGE}/proposals/{made}/confirm", follow_redirects=True)
    assert "已有人处理" in text_of(shown)
    assert in_force(officer) == (1, 1.0)
    assert [action for _, action in audited(centre)] == ["rule.propose", "rule.withdraw"]


def test_what_was_proposed_for_an_older_version_cannot_be_confirmed(
    officer: httpx.Client, colleague: httpx.Client
) -> None:
    """The rule has changed since: the change is drafted anew."""
    made = proposed(officer)
    assert officer.post(f"{API}/versions", json=NEW).status_code == 201
    answer = colleague.post(f"{API}/proposals/{made}/confirm")
    assert (answer.status_code, "李岚已先于您保存" in answer.json()["words"]) == (409, True)
    assert "规则已有更新的版本" in text_of(colleague.get(PAGE))
    assert in_force(officer) == (2, 0.8)


def test_a_proposal_that_is_confirmed_late_holds_from_then_on(
    centre: RunningCentre, officer: httpx.Client, colleague: httpx.Client
) -> None:
    """Never for the past."""
    made = proposed(officer)
    centre.clock.now_ms += 3_600_000
    saved = colleague.post(f"{API}/proposals/{made}/confirm").json()
    assert saved["valid_from_ms"] == centre.clock.now_ms


def signed_in_again(colleague: httpx.Client) -> None:
    """Their session ended, as the clock went far."""
    body = {"username": "zhaolei", "password": PASSWORDS["huanbao"]}
    assert colleague.post("/api/v1/session", json=body).status_code == 204


def of_dust(limit: float, version: int, **changes: object) -> dict[str, object]:
    """The next version of the rule on fine particles."""
    level = {"level": "warning", "limit": limit, "for_ms": 10_000}
    levels = [level | {"clear_limit": 40.0, "clear_for_ms": 20_000}]
    return {"levels": levels, "version": version, "reason": "沙尘", **changes}


def test_a_draft_for_a_later_day_is_held_against_the_standard_of_that_day(
    officer: httpx.Client,
) -> None:
    """Nobody goes round the second person by saving before a standard becomes stricter."""
    assert officer.post(f"{DUST}/versions", json=of_dust(45, 1)).status_code == 201
    later = of_dust(55, 2, valid_from_ms=STRICTER_ON_MS)
    assert officer.post(f"{DUST}/versions", json=later).status_code == 202
    before = of_dust(55, 2, valid_from_ms=STRICTER_ON_MS - DAY_MS)
    assert officer.post(f"{DUST}/versions", json=before).status_code == 201


def test_whoever_confirms_after_the_standard_changed_reads_the_one_that_holds_then(
    centre: RunningCentre, officer: httpx.Client, colleague: httpx.Client
) -> None:
    """The proposal was made beside the limit before."""
    page = "/environment/rules/fine-particles-high"
    assert officer.post(f"{DUST}/versions", json=of_dust(45, 1)).status_code == 201
    made = officer.post(f"{DUST}/versions", json=of_dust(65, 2)).json()["id"]
    assert "标准限值为 60 μg/m³，拟改为 65 μg/m³" in text_of(colleague.get(page))

    centre.clock.now_ms = STRICTER_ON_MS
    signed_in_again(colleague)

    assert "标准限值为 50 μg/m³，拟改为 65 μg/m³" in text_of(colleague.get(page))
    saved = colleague.post(f"{DUST}/proposals/{made}/confirm")
    assert saved.status_code == 200, saved.text
    assert saved.json()["valid_from_ms"] == STRICTER_ON_MS


def test_a_proposal_that_two_confirm_at_once_is_one_version(
    centre: RunningCentre, officer: httpx.Client, colleague: httpx.Client
) -> None:
    """The other confirmation is refused, and so is one that comes later."""
    path = f"{API}/proposals/{proposed(officer)}/confirm"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: colleague.post(path).status_code, range(4)))
    assert sorted(answers) == [200, 409, 409, 409]
    assert colleague.post(path).status_code == 409
    assert [row["version"] for row in officer.get(f"{API}/versions").json()] == [2, 1]
    assert audited(centre) == [("huanbao", "rule.propose"), ("zhaolei", "rule.confirm")]


def test_whoever_lost_the_permission_confirms_nothing(
    centre: RunningCentre,
    officer: httpx.Client,
    colleague: httpx.Client,
    administrator: httpx.Client,
) -> None:
    """From the day after the last of the role on; what was proposed stays open for others."""
    made = proposed(officer)
    person = "/api/v1/administration/people/zhaolei"
    (role,) = administrator.get(person).json()["roles"]
    ended = administrator.post(
        f"{person}/roles/{role['number']}/end", json={"until_day": "2026-11-24"}
    )
    assert ended.status_code in (200, 204), ended.text
    centre.clock.now_ms += DAY_MS
    signed_in_again(colleague)

    for act in ("confirm", "withdraw"):
        assert colleague.post(f"{API}/proposals/{made}/{act}").status_code == 403
        assert colleague.post(f"{PAGE}/proposals/{made}/{act}").status_code == 403

    again = entered(officer, "huanbao")
    assert in_force(again) == (1, 1.0)
    assert [row["state"] for row in again.get(f"{API}/proposals").json()] == ["open"]


def test_a_trial_warns_of_what_is_laxer(officer: httpx.Client) -> None:
    """And of nothing that is as strict as the standard."""
    trial = {"levels": LEVELS, "station": STATION}
    (said,) = officer.post(f"{API}/trial", json=trial).json()["laxer"]
    assert "个站点：氨氮的标准限值为 1 mg/L，拟改为 1.5 mg/L。" in said
    as_it_is = [ALARM | {"limit": 1.0}, CRITICAL]
    assert officer.post(f"{API}/trial", json=trial | {"levels": as_it_is}).json()["laxer"] == []


def test_classes_and_the_index_of_air_are_held_against_the_standard(
    officer: httpx.Client,
) -> None:
    """A target that is worse than the station's own is as lax as more classes."""
    by = {"level": "notice", "limit": 0, "for_ms": 0, "clear_limit": 0, "clear_for_ms": 0}
    path = "/api/v1/rules/water-class/trial"
    worse = {"levels": [by], "look": {"target": "V"}}
    (said,) = officer.post(path, json=worse).json()["laxer"]
    assert "劣于目标 3 级及以上才报警" in said
    assert officer.post(path, json=worse | {"look": {}}).json()["laxer"] == []
    index = by | {"level": "warning", "limit": 180, "clear_limit": 120}
    (said,) = officer.post(
        "/api/v1/rules/air-quality-index/trial", json={"levels": [index]}
    ).json()["laxer"]
    assert "标准限值为 100" in said


@given(st.floats(0.01, 20), st.floats(0.01, 20), st.sampled_from([1, -1]))
def test_only_what_is_beyond_the_standard_and_the_version_before_is_laxer(
    before: float, after: float, sign: int
) -> None:
    """On either side of a limit."""
    catalogue = loading.load(FOLDER)
    wanted = "ammonia-over-class" if sign > 0 else "oxygen-low"
    rule = next(rule for rule in rules_of_district() if rule.id == wanted)
    limit = 1.0 if sign > 0 else 5.0

    def at(value: float) -> Rule:
        first: Limit = replace(rule.limits[0], limit=value)
        return replace(rule, limits=(first,))

    found = laxities(at(before), at(after), catalogue, NOW_MS)
    assert bool(found) == (sign * after > max(sign * before, sign * limit))
