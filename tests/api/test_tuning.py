"""Rules over the API and on their pages: tried on the past, and saved as a new version."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
import pytest
import sqlalchemy as sa

from alerting.alert import Alert
from alerting.backtest.backtest import Outcome, Readings, compared, tried
from alerting.evaluation.rule_instance import ALL, rule_instances
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.rule import Rule, Scope
from api.platforms.environment.tuning import actions, repository, wording
from api.platforms.environment.tuning.records import Sighting, bound
from api.tables import AUDIT
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from ingest.journal.columns import Columns
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.test_alerts import text_of

STATION = "tonglv-pingchao"
SERIES = f"{STATION}/w21003"
API = "/api/v1/rules/ammonia-over-class"
ALARM = {
    "level": "alarm",
    "limit": 1.5,
    "for_ms": 4000,
    "clear_limit": 0.9,
    "clear_for_ms": 2000,
}
CRITICAL = ALARM | {"level": "critical", "limit": 3.0, "clear_limit": 3.0}
LEVELS = [ALARM, CRITICAL]
TRIAL = {"levels": LEVELS, "station": STATION}
STRICTER = ALARM | {"limit": 0.8, "clear_limit": 0.7}
NEW = {"levels": [STRICTER, CRITICAL], "version": 1, "reason": "提前发现"}


CALM = [0.4] * 40


@pytest.fixture(autouse=True)
def earlier_readings(centre: RunningCentre) -> None:
    """Ammonia second by second with an episode half an hour ago and one just now, after which
    come doubtful readings that would make a third.
    """
    high = [1.2, 2.2, 2.6, 3.4, 2.8, 1.9, 1.2, 0.8, 0.7]
    put(centre, SERIES, [*CALM, *high, *CALM], NOW_MS - 30 * MINUTE_MS)
    put(centre, SERIES, [*CALM, 1.1, 1.3, 1.6, 1.2, 0.5, *CALM], NOW_MS - MINUTE_MS)
    put(centre, SERIES, [9.0] * 9, NOW_MS - 2000, cause=Cause.CALIBRATION)
    put(centre, "tonglv-jinsha/w21003", [2.5] * 5, NOW_MS - MINUTE_MS)


def put(
    centre: RunningCentre,
    series: str,
    values: list[float],
    end_ms: int,
    cause: Cause = Cause.NORMAL,
) -> None:
    """One reading a second, the last one at an instant."""
    rows = len(values)
    centre.kept += 1
    columns = Columns(
        names=(series,),
        series=np.zeros(rows, np.uint32),
        t=np.arange(rows, dtype=np.int64) * 1000 + end_ms - (rows - 1) * 1000,
        value=np.array(values),
        quality=np.full(rows, quality_of(cause), np.uint8),
        cause=np.full(rows, cause, np.uint8),
        received=np.full(rows, NOW_MS, np.int64),
        boots=("0" * 32,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows, dtype=np.int64),
    )
    centre.services.store.append(centre.kept, columns)


def asked(client: httpx.Client, **changes: object) -> dict[str, Any]:
    """What a trial found."""
    answer = client.post(f"{API}/trial", json=TRIAL | changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def good(centre: RunningCentre) -> Readings:
    """The series as the store has it."""
    track = centre.services.store.track(SERIES, 0, NOW_MS * 2)
    rows = track.quality == Quality.GOOD
    return track.t[rows], track.value[rows]


def drafted(centre: RunningCentre) -> tuple[Rule, Rule]:
    """The rule in force and the draft, at the station."""
    rule = next(rule for rule in centre.services.rules if rule.id == "ammonia-over-class")
    rule = replace(rule, scope=Scope(id=STATION))
    levels = zip(rule.limits, LEVELS, strict=True)
    limits = [
        replace(limit, **{name: wanted[name] for name in wanted if name != "level"})
        for limit, wanted in levels
    ]
    return rule, replace(rule, limits=tuple(limits))


def shown(alert: Alert) -> dict[str, object]:
    """As the API tells of it."""
    return {
        "level": alert.level.name.lower(),
        "station": alert.station,
        "began_ms": alert.began_ms,
        "fired_ms": alert.fired_ms,
        "resolved_ms": alert.resolved_ms,
        "peak": alert.peak,
    }


def test_a_trial_is_the_back_test_of_both(centre: RunningCentre, officer: httpx.Client) -> None:
    """Alerts, figures and difference are those of the back-test on the good readings."""
    readings, end = good(centre), centre.clock.now_ms
    now, draft = (
        tried([rule], centre.services.catalogue, lambda _: readings, end)
        for rule in drafted(centre)
    )
    difference = compared(now, draft)

    found = asked(officer)

    def reported(outcome: Outcome) -> list[dict[str, object]]:
        return [shown(alert) for alert in outcome.alerts]

    assert len(now.alerts) > len(draft.alerts) > 0
    assert (found["now"]["alerts"], found["draft"]["alerts"]) == (reported(now), reported(draft))
    counts = found["now"]["counts"]
    assert counts["by_level"] == now.counts().by_level
    assert counts["messages"] == now.counts().messages
    assert counts["hours"] == now.counts().hours
    assert (found["only_now"], found["only_draft"], found["both"]) == (
        len(difference.only_first),
        len(difference.only_second),
        len(difference.both),
    )
    assert found["readings"] == len(readings[0])
    assert found["to_ms"] - found["from_ms"] == 365 * 24 * HOUR_MS


def test_without_a_station_all_in_scope_are_tried(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """And the figures name each."""
    found = asked(officer, station=None)
    assert set(found["now"]["counts"]["by_station"]) == {STATION, "tonglv-jinsha"}


def test_only_the_span_is_tried_in_whole_minutes(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The episode before it is not there."""
    begin = NOW_MS - 20 * MINUTE_MS
    found = asked(officer, from_ms=begin + 7, to_ms=NOW_MS + HOUR_MS)
    assert (found["from_ms"], found["to_ms"]) == (begin, NOW_MS)
    assert found["now"]["counts"]["alerts"] == 1


def test_a_trial_says_in_how_many_hours_there_are_readings(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """An hour of several stations is one."""
    put(centre, SERIES, [0.4], NOW_MS - 5 * HOUR_MS)
    span = {"from_ms": NOW_MS - 10 * HOUR_MS, "to_ms": NOW_MS}
    t, _ = good(centre)
    hours = set((t[t < NOW_MS] // HOUR_MS).tolist())
    assert len(hours) > 1
    assert asked(officer, **span)["hours"] == len(hours)
    assert asked(officer, **span, station=None)["hours"] == len(hours)


def test_a_correction_is_in_the_next_trial(centre: RunningCentre, officer: httpx.Client) -> None:
    """Readings are answered from memory until somebody decides on one."""
    span = {"from_ms": NOW_MS - 48 * HOUR_MS, "to_ms": NOW_MS}
    before = asked(officer, **span)["now"]["counts"]["by_level"]
    t, value = good(centre)
    peak_ms = int(t[value == 1.6][0])
    review = {"from_ms": peak_ms - MINUTE_MS, "to_ms": peak_ms + MINUTE_MS, "quality": "bad"}
    path = f"/api/v1/stations/{STATION}/series/w21003/reviews"
    assert officer.post(path, json=review | {"why": "电极清洗"}).status_code == 201

    after = asked(officer, **span)["now"]["counts"]["by_level"]

    assert (before, after) == ({"alarm": 2, "critical": 1}, {"alarm": 1, "critical": 1})


def test_a_line_on_the_move_is_answered_from_memory(
    centre: RunningCentre, officer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is asked once; after a while it is asked again."""
    asked_of: list[str] = []
    original = centre.services.store.original  # type: ignore[attr-defined]
    read = original.good

    def spied(series: str, from_ms: int, to_ms: int) -> object:
        asked_of.append(series)
        return read(series, from_ms, to_ms)

    monkeypatch.setattr(original, "good", spied)
    span = {"from_ms": NOW_MS - 48 * HOUR_MS, "to_ms": NOW_MS}
    asked(officer, **span)
    asked(officer, **span, levels=[ALARM | {"limit": 1.4}, CRITICAL])
    assert asked_of == [SERIES]
    monkeypatch.setattr(repository, "KEPT_S", -1.0)
    asked(officer, **span)
    assert len(asked_of) > 1


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"levels": [ALARM]}, "levels", "级别与规则不一致"),
        ({"levels": [CRITICAL, ALARM]}, "levels", "级别与规则不一致"),
        (
            {"levels": [ALARM | {"clear_limit": 1.6}, CRITICAL]},
            "levels[0].clear_limit",
            "解除限值不能高于报警限值",
        ),
        ({"levels": [ALARM, CRITICAL | {"for_ms": -1}]}, "levels[1].for_ms", "最长 30 天"),
        (
            {"levels": [ALARM | {"clear_for_ms": 31 * 24 * HOUR_MS}, CRITICAL]},
            "levels[0].clear_for_ms",
            "最长 30 天",
        ),
        ({"station": "air-jinsha"}, "station", "不适用于该站点"),
        ({"station": "nowhere"}, "station", "不适用于该站点"),
        ({"from_ms": NOW_MS, "to_ms": NOW_MS}, "from_ms", "时间范围"),
        ({"from_ms": NOW_MS - 401 * 24 * HOUR_MS, "to_ms": NOW_MS}, "from_ms", "最长 400 天"),
    ],
)
def test_what_does_not_hold_is_named_with_its_remedy(
    officer: httpx.Client, changes: dict[str, object], where: str, words: str
) -> None:
    """For programs in English, for people in Chinese."""
    answer = officer.post(f"{API}/trial", json=TRIAL | changes)
    assert answer.status_code == 422
    found = answer.json()
    assert found["where"] == where
    assert found["detail"].startswith(f"{where}: ")
    assert ";" in found["detail"]
    assert words in found["words"]


def test_an_oxygen_limit_clears_above(officer: httpx.Client) -> None:
    """Where beyond is below, the good side is above."""
    levels = [ALARM | {"limit": 2.0, "clear_limit": 1.9}]
    answer = officer.post("/api/v1/rules/oxygen-low/trial", json={"levels": levels})
    assert (answer.status_code, answer.json()["where"]) == (422, "levels[0].clear_limit")
    assert "不能低于" in answer.json()["words"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        TRIAL | {"more": 1},
        TRIAL | {"levels": [ALARM | {"limit": "1.2"}, CRITICAL]},
        TRIAL | {"levels": [ALARM | {"limit": None}, CRITICAL]},
        TRIAL | {"levels": [ALARM | {"for_ms": 1.5}, CRITICAL]},
        TRIAL | {"levels": [ALARM | {"level": "panic"}, CRITICAL]},
        TRIAL | {"from_ms": -1},
    ],
)
def test_nothing_is_guessed(officer: httpx.Client, body: dict[str, object]) -> None:
    """The request is read strictly."""
    assert officer.post(f"{API}/trial", json=body).status_code == 422


@pytest.mark.parametrize("field", ["limit", "clear_limit", "for_ms"])
def test_no_number_is_no_limit(officer: httpx.Client, field: str) -> None:
    """Not even where the text of the request can say it."""
    text = json.dumps(TRIAL | {"levels": [ALARM | {field: float("nan")}, CRITICAL]})
    headers = {"content-type": "application/json"}
    answer = officer.post(f"{API}/trial", content=text, headers=headers)
    assert answer.status_code == 422
    assert field in answer.text


def test_a_draft_names_the_levels_of_its_rule(officer: httpx.Client) -> None:
    """An absence has other ones, and no limit; an unknown rule is not found."""
    path = "/api/v1/rules/station-silent/trial"
    warning = ALARM | {"level": "warning"}
    for levels, where in ((LEVELS, "levels"), ([warning], "levels[0].limit")):
        answer = officer.post(path, json={"levels": levels})
        assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert officer.post("/api/v1/rules/nothing/trial", json=TRIAL).status_code == 404


def test_too_much_is_refused_before_it_is_counted(
    centre: RunningCentre, officer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alerts and readings alike."""
    monkeypatch.setattr(actions, "MOST_ALERTS", 1)
    assert "超过 1 条报警" in officer.post(f"{API}/trial", json=TRIAL).json()["words"]
    monkeypatch.setattr(repository, "MOST_READINGS", 10)
    answer = officer.post(f"{API}/trial", json=TRIAL | {"from_ms": NOW_MS - 100 * HOUR_MS})
    assert (answer.status_code, answer.json()["where"]) == (422, "from_ms")
    assert "监测数据太多" in answer.json()["words"]


def test_the_bound_lies_never_below_the_alerts(centre: RunningCentre) -> None:
    """Or something would be counted for seconds after all."""
    rng = np.random.default_rng(1)
    t = np.cumsum(rng.integers(1, 4, 3000)).astype(np.int64) * 60_000
    readings = t, rng.gamma(2.0, 0.5, 3000)
    rules = [
        replace(rule, limits=tuple(replace(limit, for_ms=4 * MINUTE_MS) for limit in rule.limits))
        for rule in drafted(centre)
    ]
    means = [replace(rule, signal=Mean(window_ms=120_000)) for rule in rules]
    absence = next(rule for rule in centre.services.rules if rule.kind == "absence")
    for rule in (*rules, *means, replace(absence, scope=Scope(id=STATION))):
        outcome = tried([rule], centre.services.catalogue, lambda _: readings, int(t[-1]))
        (instance,) = rule_instances(rule, centre.services.catalogue)
        seen = instance.of_history([readings] * len(instance.members), ALL, int(t[-1]))
        assert 0 < len(outcome.alerts) <= bound(rule, {instance.key: Sighting(seen, {})})


def test_the_rules_in_force_are_listed(officer: httpx.Client) -> None:
    """With scope in words, limits and durations."""
    rules = {rule["id"]: rule for rule in officer.get("/api/v1/rules").json()}
    rule = rules["ammonia-over-class"]
    assert (rule["version"], rule["seen"], rule["unit"]) == (1, "氨氮", "mg/L")
    assert rule["look"] == {}
    assert (rule["scope"], STATION in rule["stations"]) == ("全部水质断面", True)
    level = rule["levels"][0]
    assert (level["level"], level["side"], level["limit"]) == ("alarm", "above", 1.0)
    assert (level["clear_limit"], level["clear_for_ms"]) == (0.9, 10_000)
    absence = rules["station-silent"]
    assert (absence["scope"], absence["levels"][0]["limit"]) == ("全部站点", None)


def test_a_draft_is_saved_with_its_audit(centre: RunningCentre, officer: httpx.Client) -> None:
    """It is in force at once; a limit that was moved no longer names its standard."""
    answer = officer.post(f"{API}/versions", json=NEW)

    assert answer.status_code == 201, answer.text
    saved = answer.json()
    assert (saved["version"], saved["author"], saved["reason"]) == (2, "李岚", "提前发现")
    assert saved["valid_from_ms"] == saved["saved_ms"] == centre.clock.now_ms
    (rule,) = (r for r in officer.get("/api/v1/rules").json() if r["id"] == "ammonia-over-class")
    assert (rule["version"], rule["levels"][0]["limit"], rule["levels"][0]["basis"]) == (
        2,
        0.8,
        "",
    )
    assert [row["version"] for row in officer.get(f"{API}/versions").json()] == [2, 1]
    with centre.services.state.read() as connection:
        row = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id.desc())).first()
    assert row is not None
    assert (row.who, row.action, row.subject) == ("huanbao", "rule.save", "ammonia-over-class")
    assert json.loads(row.detail)["levels"][0] == STRICTER


def test_a_limit_that_comes_back_names_its_standard_again(officer: httpx.Client) -> None:
    """It is known from the version that had it."""
    assert officer.post(f"{API}/versions", json=NEW).status_code == 201
    levels = [ALARM | {"limit": 1.0}, CRITICAL]
    saved = officer.post(f"{API}/versions", json=NEW | {"levels": levels, "version": 2}).json()
    assert "Ⅲ类" in saved["levels"][0]["basis"]
    assert saved["levels"][1]["basis"] == ""


def test_of_two_people_the_first_one_saves(centre: RunningCentre, officer: httpx.Client) -> None:
    """The second is told who it was, and nothing of hers is written."""
    assert officer.post(f"{API}/versions", json=NEW).status_code == 201
    other = NEW | {"levels": [STRICTER | {"limit": 0.9}, CRITICAL]}
    answer = officer.post(f"{API}/versions", json=other)
    assert answer.status_code == 409
    assert "李岚已先于您保存" in answer.json()["words"]
    assert len(centre.services.rule_repository.versions("ammonia-over-class")) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_from_ms": NOW_MS - 1}, "生效时间不能早于现在"),
        ({"levels": [ALARM | {"clear_limit": 2}, CRITICAL]}, "解除限值不能高于"),
        ({"reason": "  "}, "请写明修改原因"),
        ({"reason": "长" * 501}, None),
    ],
)
def test_what_cannot_be_saved_is_refused(
    centre: RunningCentre, officer: httpx.Client, changes: dict[str, object], words: str | None
) -> None:
    """And nothing is written."""
    answer = officer.post(f"{API}/versions", json=NEW | changes)
    assert answer.status_code == 422
    assert words is None or words in answer.json()["words"]
    assert len(centre.services.rule_repository.versions("ammonia-over-class")) == 1


def test_the_same_again_is_no_version(centre: RunningCentre, officer: httpx.Client) -> None:
    """Levels as they are need no saving."""
    found = officer.get("/api/v1/rules").json()[0]["levels"]
    levels = [{name: level[name] for name in ALARM} for level in found]
    answer = officer.post(f"{API}/versions", json=NEW | {"levels": levels})
    assert (answer.status_code, "没有需要保存的改动" in answer.json()["words"]) == (422, True)


def test_a_version_may_wait(centre: RunningCentre, officer: httpx.Client) -> None:
    """Until it holds, the one before does; the next one cannot come between."""
    later = centre.clock.now_ms + HOUR_MS
    assert officer.post(f"{API}/versions", json=NEW | {"valid_from_ms": later}).status_code == 201
    text = text_of(officer.get("/environment/rules/ammonia-over-class"))
    assert "警告限值 1 → 0.8 mg/L" in text
    assert officer.get("/api/v1/rules").json()[0]["version"] == 1
    other = NEW | {"version": 2, "levels": [STRICTER | {"limit": 0.9}, CRITICAL]}
    assert officer.post(f"{API}/versions", json=other).status_code == 422
    centre.clock.now_ms = later
    assert officer.get("/api/v1/rules").json()[0]["version"] == 2


def test_the_pages_tell_rules_and_versions(centre: RunningCentre, officer: httpx.Client) -> None:
    """In words, with what a version changed."""
    text = text_of(officer.get("/environment/rules"))
    assert "高于 1 mg/L 持续 3 秒；降到 0.9 mg/L 或更低满 10 秒后解除" in text
    assert "低于 2 mg/L 持续 5 秒；升到 3 mg/L 或更高满 10 秒后解除" in text
    assert "超过 1 分 30 秒没有有效数据" in text
    officer.post(f"{API}/versions", json=NEW)

    text = text_of(officer.get("/environment/rules/ammonia-over-class?done=saved"))

    assert "新版本已保存" in text
    for said in (
        "警告限值 1 → 0.8 mg/L",
        "警告持续时间 3 秒 → 4 秒",
        "提前发现",
        "本区规则文件",
    ):
        assert said in text
    assert "警告解除持续时间 10 秒 → 2 秒" in text
    assert "报警解除限值" not in text
    assert "李岚 · " in text


def test_a_deputy_reads_a_rule_and_its_changes_in_words(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """From an alert and from the list: what each version changed, by whom, when and why; nothing
    to try or to change.
    """
    centre.put(spill())
    officer.post(f"{API}/versions", json=NEW)
    page = "/environment/rules/ammonia-over-class"

    assert f'href="{page}"' in deputy.get(f"/environment/alerts/{spill().id}").text
    listed = deputy.get("/environment/rules").text
    read = deputy.get(page)

    assert f'href="{page}"' in listed
    assert "试算" not in listed
    text = text_of(read)
    for said in (
        "高于 0.8 mg/L 持续 4 秒；降到 0.7 mg/L 或更低满 2 秒后解除",
        "警告限值 1 → 0.8 mg/L",
        "提前发现",
        "李岚 · ",
        "现行第 2 版",
        "本区规则文件",
    ):
        assert said in text
    for part in ("<form", "<input", "data-figures", "tuning.js"):
        assert part not in read.text.partition("<main")[2].partition("</main")[0]
    assert deputy.get(f"{API}/versions").json() == officer.get(f"{API}/versions").json()


def test_an_alert_of_no_rule_leads_to_none(centre: RunningCentre, officer: httpx.Client) -> None:
    """Such as one that watches the product itself, or of a rule that the file has no more."""
    gone = centre.put(spill(rule_id="gone"))
    assert "/environment/rules/gone" not in officer.get(f"/environment/alerts/{gone.id}").text


def test_rules_are_changed_by_officers(
    officer: httpx.Client,
    deputy: httpx.Client,
    administrator: httpx.Client,
    stranger: httpx.Client,
) -> None:
    """Others are refused; so is a stranger, and a page of another site."""
    for answer in (
        administrator.get("/environment/rules"),
        administrator.get("/environment/rules/ammonia-over-class"),
        administrator.get("/api/v1/rules"),
        deputy.post(f"{API}/trial", json=TRIAL),
        deputy.post(f"{API}/versions", json=NEW),
        officer.post(f"{API}/trial", json=TRIAL, headers={"origin": "http://evil"}),
    ):
        assert answer.status_code == 403
    assert 'href="/environment/rules"' not in administrator.get("/environment/").text
    assert 'href="/environment/rules"' in officer.get("/environment/").text
    assert stranger.post(f"{API}/trial", json=TRIAL).status_code == 401


@pytest.mark.parametrize("path", ["/environment/rules/nothing", f"{API}x/versions"])
def test_what_cannot_be_tuned_is_not_found(officer: httpx.Client, path: str) -> None:
    """With a page or an answer, never a stack."""
    assert officer.get(path).status_code == 404


def test_a_mean_and_a_change_are_named(centre: RunningCentre) -> None:
    """With their exact window."""
    rule, _ = drafted(centre)
    mean = replace(rule, signal=Mean(window_ms=HOUR_MS))
    change = replace(rule, kind="rate", signal=Change(window_ms=90 * MINUTE_MS))
    assert wording.looked_at(centre.services, rule) == "氨氮"
    assert wording.looked_at(centre.services, mean) == "氨氮 1 小时均值"
    assert wording.looked_at(centre.services, change) == "氨氮 1 小时 30 分内变化"


def test_a_scope_is_reported_in_words(centre: RunningCentre) -> None:
    """Whatever it names."""
    rule, _ = drafted(centre)
    scope = Scope(kind="water", river=next(iter(centre.services.catalogue.rivers)), area="平潮镇")
    said = wording.scope(centre.services, replace(rule, scope=scope))
    assert said.startswith("全部水质断面，")
    assert said.endswith("沿线，平潮镇")
    assert centre.services.catalogue.stations[STATION].name in wording.scope(centre.services, rule)
