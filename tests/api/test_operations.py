"""The centre's own state: on its page, on the station's page, and for a monitoring system."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import httpx
import msgspec
import pytest
from msgspec.structs import replace as replaced

from alerting.wording.sentences import LOOP_FAILING
from api.app import create_app
from api.centre import Centre
from api.metrics import text
from config.vocabulary.refusals import PassedOver, PassedOverCount, Reason, RefusalCount
from config.vocabulary.reports import (
    Attempt,
    AuditPulse,
    FailingLoop,
    Mishap,
    Pulse,
    StationPulse,
)
from ingest.state.database import Holds
from tests.api.conftest import NOW_MS, RunningCentre, spill

PULSE = Pulse(
    v=1,
    t=NOW_MS - 1000,
    journal=120,
    stored=100,
    judged=119,
    deadletters=7,
    refusals=[
        RefusalCount("tonglv-jinsha", Reason.CONFLICT, 5, NOW_MS - 7000, NOW_MS - 6000),
        RefusalCount("", Reason.STRAY_TOPIC, 2, NOW_MS - 9000, NOW_MS - 8000),
    ],
    passed_over=[PassedOverCount("tonglv-jinsha", PassedOver.GIVEN_UP, 3)],
    stations={
        "tonglv-jinsha": StationPulse(
            arrived=900,
            lost=3,
            waiting=40,
            repeated=2,
            online=True,
            two_agents=True,
            stalled=True,
            behind_ms=1500,
            heard_ms=NOW_MS - 2000,
            mishaps=[
                Mishap(NOW_MS - 9000, "broken", "s.sqlite.broken-1"),
                Mishap(NOW_MS - 8000, "copied"),
            ],
        )
    },
    attempts=[Attempt(NOW_MS - 5000, "tongzhou.air-jinsha", "send", "qy/v1/tongzhou/x/ack")],
    failing=[FailingLoop("rule worker", NOW_MS - 90_000, 12, "OSError: <no> space")],
    held_ms=180.4,
    held_over=2,
    audit=AuditPulse(NOW_MS - 3000, 31),
)


@pytest.fixture(autouse=True)
def heard(centre: RunningCentre) -> None:
    """The core spoke a second ago."""
    centre.services.centre.hear("", msgspec.json.encode(PULSE))


def test_an_officer_sees_what_waits_what_was_refused_and_what_was_tried(
    officer: httpx.Client,
) -> None:
    """In words; every station of the district stands there, heard of or not."""
    page = officer.get("/environment/operations").text
    assert "中心接收程序运行正常" in page
    assert page.index("同一时刻数值不一致") < page.index("主题无法识别")
    assert "请在站点页面订正该数值" in page, "what to do stands beside the reason"
    assert 'href="/environment/operations/refusals?station=-&amp;reason=stray-topic"' in page
    assert "已放弃的序号 3 组" in page
    assert "两台采集器" in page
    assert "tongzhou.air-jinsha" in page
    assert page.count("/environment/stations/") == 10
    answer = officer.get("/api/v1/operations").json()
    assert (answer["unstored"], answer["unjudged"], answer["deadletters"]) == (20, 1, 7)
    (jinsha,) = [row for row in answer["stations"] if row["station"] == "tonglv-jinsha"]
    assert answer["refusals"][0] == {
        "station": "tonglv-jinsha",
        "reason": "conflict",
        "letters": 5,
        "first_ms": NOW_MS - 7000,
        "last_ms": NOW_MS - 6000,
    }
    assert answer["passed_over"] == [{"station": "tonglv-jinsha", "kind": "given-up", "n": 3}]
    assert (jinsha["arrived"], jinsha["waiting"], jinsha["lost"]) == (900, 40, 3)


def test_a_loop_that_fails_stands_there_with_its_error_and_since_when(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """On page and API; nothing of it where none does."""
    page = officer.get("/environment/operations").text
    assert centre.services.words("operations.loop-rule-worker") in page
    assert "OSError: &lt;no&gt; space" in page
    (found,) = officer.get("/api/v1/operations").json()["failing"]
    assert (found["name"], found["failures"]) == ("rule worker", 12)
    centre.services.centre.hear("", msgspec.json.encode(replaced(PULSE, failing=[])))
    title = centre.services.words("operations.failing")
    assert title in page
    assert title not in officer.get("/environment/operations").text


def test_an_alert_of_the_centre_itself_has_pages_without_a_station(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Named by the district; it leads to no chart and to no station's page."""
    changes = {"rule_id": LOOP_FAILING, "about": "maintenance", "station": "", "indicator": ""}
    alert = centre.put(spill(**changes))
    listed = officer.get("/environment/alerts").text
    page = officer.get(f"/environment/alerts/{alert.id}").text
    for shown in (listed, page):
        assert centre.services.words("alert.loop-failing") in shown
        assert centre.services.catalogue.site.name in shown
    assert centre.services.words("message.next-loop-failing") in page
    assert "/environment/stations/" not in page
    (row,) = officer.get("/api/v1/alerts").json()
    assert row["station"] == ""


def test_the_audit_and_how_long_transactions_lasted_stand_there(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """How far it was checked; a broken one says where. Of core and pages the longer one counts."""
    words = centre.services.words
    assert words("operations.audit-whole", n=31) in officer.get("/environment/operations").text
    centre.services.state.holds.note(250.0)
    broken = replaced(PULSE, audit=AuditPulse(NOW_MS - 3000, 30, "row 31 is not as it was"))
    centre.services.centre.hear("", msgspec.json.encode(broken))
    page = officer.get("/environment/operations").text
    assert words("operations.audit-broken") in page
    assert "row 31 is not as it was" in page
    answer = officer.get("/api/v1/operations").json()
    assert answer["audit"]["position"] == 30
    assert (answer["held_ms"], answer["held_over"]) == (250.0, 2)


def test_a_deputy_is_not_led_there(deputy: httpx.Client) -> None:
    """It is no business of theirs; the menu does not name it."""
    assert deputy.get("/environment/operations").status_code == 403
    assert deputy.get("/api/v1/operations").status_code == 403
    assert "/environment/operations" not in deputy.get("/environment/").text


def test_a_core_that_fell_silent_is_said(centre: RunningCentre, officer: httpx.Client) -> None:
    """And makes the house unhealthy for whoever watches it."""
    centre.clock.now_ms += 60_000
    assert "没有回应" in officer.get("/environment/operations").text
    answer = officer.get("/healthz")
    assert (answer.status_code, answer.json()["core"]) == (503, False)


def test_a_station_says_what_became_of_its_samples(deputy: httpx.Client) -> None:
    """Exactly; that two agents speak as it, and what befell its spool."""
    page = deputy.get("/environment/stations/tonglv-jinsha").text
    for words in ("已收 900 组", "确认丢失 3 组", "站点待传 40 组", "两台采集器同时"):
        assert words in page
    assert "暂存文件损坏，已另存为 s.sqlite.broken-1" in page
    assert "还原了备份，或复制了存储卡" in page
    unheard = deputy.get("/environment/stations/tonglv-erjia").text
    assert "没有这个站点的接收情况" in unheard
    assert "没有丢失" not in unheard


def test_metrics_are_those_of_the_pulse(stranger: httpx.Client) -> None:
    """In Prometheus' text format: every line is a comment or a name, labels and a number."""
    answer = stranger.get("/metrics")
    lines = answer.text.splitlines()
    assert 'qingyuan_samples_lost{station="tonglv-jinsha"} 3.0' in lines
    assert "qingyuan_store_lag_entries 20.0" in lines
    assert 'qingyuan_station_clock_behind_seconds{station="tonglv-jinsha"} 1.5' in lines
    assert "qingyuan_core_up 1" in lines
    assert "qingyuan_loops_failing 1.0" in lines
    assert "qingyuan_state_long_transactions 2.0" in lines
    assert "qingyuan_audit_broken 0.0" in lines
    form = re.compile(r"# (HELP|TYPE) \w+ .+|\w+(\{station=\"[a-z0-9-]+\"\})? [0-9.e+]+")
    assert all(form.fullmatch(line) for line in lines)


def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """A proxy before us asks for somebody else, however it says so."""
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"):
        assert stranger.get("/metrics", headers={header: "192.0.2.1"}).status_code == 403, header
    guarded = create_app(replace(centre.services, metrics_token="secret"))
    transport = httpx.ASGITransport(guarded)

    async def ask(token: str) -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.get("/metrics", headers=headers)).status_code

    assert asyncio.run(ask("secret")) == 200
    assert asyncio.run(ask("guessed")) == 403


def test_before_the_first_pulse_only_its_absence_is_reported() -> None:
    """No figure is made up."""
    assert Centre(lambda: 0).present is False
    lines = text(None, present=False, holds=Holds()).splitlines()
    assert "qingyuan_core_up 0" in lines
    assert not any("samples" in line or "journal" in line for line in lines)
