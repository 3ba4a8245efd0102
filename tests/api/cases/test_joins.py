"""Proposals of what belongs to a case: out of all platforms, in words, joined or set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.accounts.records import Secrecy
from api.roster import ROSTER
from api.services import Services
from api.shape import Platform
from api.traces.records import Trace, Traced
from tests.api.budget.test_projects import BODY as PAYEE
from tests.api.budget.test_projects import everything
from tests.api.cases.test_cases import API, joined, opened
from tests.api.cases.vault.manifest import PLATFORM, THINGS, Thing
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered, spill
from tests.api.documents.test_texts import RULES, kept
from tests.api.duty.suggestion_hands import Duty
from tests.api.judicial.hearing_hands import announced, enrol_bodies
from tests.api.judicial.matter_hands import Judicial

RIVER = "请查清通吕运河平潮断面附近的污水排口，公开水质数据，并说明付给清河环保有限公司的工程款。"
TOWN_RULES = RULES.replace("通州区排水管理办法", "平潮镇排水和排污管理规定")
LAW = "城镇排水与污水处理条例"


def submitted(duty: Duty, title: str, body: str = RIVER, **fields: str) -> str:
    """The id of a suggestion that was submitted."""
    item = duty.drafted(title=title, body=body, **fields)
    duty.submit(item)
    return item


def proposed(client: httpx.Client, case: int) -> dict[str, dict[str, Any]]:
    """The proposals for a case, by platform/kind/id."""
    answer = client.get(f"{API}/{case}/proposals")
    assert answer.status_code == 200, answer.text
    return {"/".join(of["item"].values()): of for of in answer.json()}


def said(of: Mapping[str, Any]) -> dict[str, str]:
    """The reasons of a proposal by axis."""
    return {reason["why"]: reason["said"] for reason in of["reasons"]}


def dismissed(client: httpx.Client, case: int, item: str, why: str) -> httpx.Response:
    """A proposal is set aside over the API."""
    platform, kind, item_id = item.split("/")
    body = {"item": {"platform": platform, "kind": kind, "id": item_id}, "why": why}
    return client.post(f"{API}/{case}/proposals/dismiss", json=body)


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_alert_in_a_case_then_things_of_other_platforms_are_proposed_with_both_sides(
    centre: RunningCentre, clerk: httpx.Client, supervisor: httpx.Client
) -> None:
    """By station, town, reach, payee, topic and time; what is of another town and topic is not."""
    duty = Duty(centre)
    everything(clerk)
    about = f"duty/suggestion/{submitted(duty, '关于查清排口的建议')}"
    other = submitted(
        duty, "关于二甲镇小学托育的建议", "二甲镇的小学放学以后没有托育，请学校开办。" * 2
    )
    text = f"documents/text/{kept(clerk, TOWN_RULES, maker='pingchao', published='2026-11-01')}"
    enrol_bodies(centre)
    hearing = announced(centre, title="平潮断面水污染公益诉讼案件庭审", matter="了解排污情况。")
    case = opened(supervisor)
    assert joined(supervisor, case, centre.put(spill()).id).status_code == 201
    found = proposed(supervisor, case)
    assert found.keys() >= {about, text, f"judicial/hearing/{hearing}", "budget/project/P1"}
    assert f"duty/suggestion/{other}" not in found
    site = (
        "两者都说到通吕运河平潮断面：报警的站点是通吕运河平潮断面，建议正文写到“通吕运河平潮断面”"
    )
    assert said(found[about])["station"] == site
    assert said(found[about])["time"] == "两者在同一天"
    assert found[about]["address"] == f"/{about.replace('suggestion', 'suggestions')}"
    assert "制定机关是平潮镇" in "".join(said(found[text]).values())
    assert "项目要改善的站点是" in said(found["budget/project/P1"])["station"]
    assert site in found[about]["why"]
    page = supervisor.get(f"/cases/{case}").text
    assert "可能相关" in page
    assert site in page


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_proposal_when_it_is_joined_or_set_aside_then_it_is_not_made_again(
    centre: RunningCentre,
    clerk: httpx.Client,
    supervisor: httpx.Client,
    deputy: httpx.Client,
    administrator: httpx.Client,
) -> None:
    """The reason goes along; what is set aside stays proposed for other cases, and is audited."""
    duty = Duty(centre)
    item = centre.put(spill()).id
    first, second = (f"duty/suggestion/{submitted(duty, title)}" for title in ("排口一", "排口二"))
    case, further = opened(supervisor), opened(supervisor)
    for one in (case, further):
        assert joined(supervisor, one, item).status_code == 201
    assert proposed(supervisor, case).keys() == {first, second}
    why = proposed(supervisor, case)[first]["why"]
    form = {"case": str(case), "source": first, "why": why}
    assert supervisor.post("/cases/join", data=form).status_code == 303
    (_, kept_with) = supervisor.get(f"{API}/{case}/items").json()
    assert kept_with["why"] == why
    assert dismissed(deputy, case, second, "无关").status_code == 403
    assert dismissed(supervisor, case, second, " ").status_code == 422
    assert dismissed(supervisor, case, "duty/suggestion/99", "无关").status_code == 404
    path = f"/cases/{case}/proposals/dismiss"
    again = supervisor.post(path, data={"source": second, "why": ""})
    assert again.status_code == 422
    assert "说明理由" in again.text
    assert proposed(supervisor, case).keys() == {second}
    assert supervisor.post(path, data={"source": second, "why": "另一个排口"}).status_code == 303
    assert dismissed(clerk, case, second, "无关").status_code == 409
    assert proposed(supervisor, case) == {}
    assert proposed(supervisor, further).keys() == {first, second}
    audit = administrator.get("/api/v1/administration/audit").text
    assert "case.set-aside" in audit
    assert "另一个排口" in audit


def test_given_a_rise_upstream_then_what_lies_along_the_reach_below_is_proposed_and_none_above(
    centre: RunningCentre, supervisor: httpx.Client
) -> None:
    """The first station of the canal is above the second one."""
    duty = Duty(centre)
    below = submitted(
        duty, "关于金沙街道污水的建议", "通吕运河金沙街道段水质变差，请查清排口。" * 2
    )
    upper, lower = spill(), spill(id="b" * 20, station="tonglv-erjia")
    for alert, expected in ((upper, {f"duty/suggestion/{below}"}), (lower, set())):
        case = opened(supervisor)
        assert joined(supervisor, case, centre.put(alert).id).status_code == 201
        found = proposed(supervisor, case)
        reaches = {of for of, one in found.items() if "在通吕运河金沙断面的上游" in one["why"]}
        assert reaches == expected


def test_given_things_of_every_platform_then_each_names_the_same_by_the_same_key(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A payee, a law, a town and a topic are what they are, whoever speaks of them."""
    duty, judicial = Duty(centre), Judicial(centre)
    everything(clerk)
    submitted(duty, "关于通吕运河泵站改造的建议")
    kept(clerk, TOWN_RULES, maker="pingchao")
    matter = judicial.begun("inspection", title=f"《{LAW}》实施情况执法检查")
    centre.put(spill())
    services = replace(centre.services, roster=ROSTER)
    marks = {
        platform.slug: {trace.mark for of in platform.traced(services, 0) for trace in of.traces}
        for platform in ROSTER
    }
    assert matter
    station = {("station", "tonglv-pingchao"), ("town", "pingchao"), ("topic", "water-quality")}
    assert marks["environment"] >= station | {("reach", "at tonglv-jinsha")}
    assert marks["duty"] >= station | {("payee", PAYEE), ("project", "通吕运河泵站改造")}
    assert marks["budget"] >= station | {("payee", PAYEE), ("project", "通吕运河泵站改造")}
    assert marks["documents"] >= {("law", LAW), ("town", "pingchao"), ("topic", "water-quality")}
    assert marks["judicial"] >= {("law", LAW), ("unit", "court")}
    assert not any("张三" in key for of in marks.values() for _, key in of)


HIDDEN, SHOWN = "机要甲", "机要乙"


def _of_vault(_services: Services, _since_ms: int) -> Iterator[Traced]:
    """Things at the alert's station, each of which says its own word."""
    for thing in THINGS:
        traces = (
            Trace("station", "tonglv-pingchao", f"{thing.word}说的站点"),
            Trace("topic", "water-quality", f"{thing.word}说的类别"),
        )
        yield Traced(thing.reference, thing.word, traces, NOW_MS)


@pytest.mark.usefixtures("no_alerts_for_clerks")
class TestSecrecy:
    """With a platform of which each reader sees something else."""

    @pytest.fixture
    def roster(self) -> Iterator[tuple[Platform, ...]]:
        """The vault is there as well, and its things are compared."""
        yield (*ROSTER, replace(PLATFORM, traced=_of_vault))
        THINGS.clear()

    def test_given_hidden_things_then_neither_a_proposal_nor_a_reason_names_them(
        self, centre: RunningCentre, address: str
    ) -> None:
        """Whoever sees the case and not the thing is proposed neither it nor what belongs to it."""
        people = {"lianluo", "daigongwei", "daibiao"}
        THINGS.append(Thing(HIDDEN, Secrecy.OPEN, "seen", frozenset({"daigongwei"})))
        THINGS.append(Thing(SHOWN, Secrecy.OPEN, "permitted", frozenset(people)))
        about = f"duty/suggestion/{submitted(Duty(centre), '关于排口的建议')}"
        with ExitStack() as stack:
            clients = {
                name: entered(
                    stack.enter_context(httpx.Client(base_url=address, timeout=60)), name
                )
                for name in people
            }
            head = clients["daigongwei"]
            with_alert, with_thing = opened(head), opened(head)
            assert joined(head, with_alert, centre.put(spill()).id).status_code == 201
            item = {"platform": "vault", "kind": "seen", "id": "0"}
            body = {"item": item, "why": "有关"}
            assert head.post(f"{API}/{with_thing}/items", json=body).status_code == 201
            assert about in proposed(head, with_thing)
            for name, client in clients.items():
                may = name == "daigongwei"
                for case in (with_alert, with_thing):
                    found = client.get(f"{API}/{case}/proposals").text
                    found += client.get(f"/cases/{case}").text
                    assert (HIDDEN in found) == may, (name, case)
                assert ("vault/permitted/1" in proposed(client, with_alert)) == may
                assert may or about not in proposed(client, with_thing)
            secret = opened(head, "restricted")
            assert clients["daibiao"].get(f"{API}/{secret}/proposals").status_code == 404
