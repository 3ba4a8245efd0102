"""Every kind of rule tried on the past and saved: what a draft does is what the document that says
the same would have done.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from alerting.backtest.backtest import Outcome, Readings, tried
from alerting.evaluation.rule_instance import ALL, rule_instances
from alerting.rules import documents, serialising
from alerting.rules.conditions.signal import ANY
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule, Scope
from alerting.wording.sentences import Wording
from api.platforms.environment.tuning import repository
from api.tables import AUDIT
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.journal.columns import Columns
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_alerts import text_of
from tests.api.test_tuning import shown

CADENCE_MS = 600000
STATION, UPSTREAM = "tonglv-jinsha", "tonglv-pingchao"
DAYS = 40
BEGIN_MS = NOW_MS - 10 * DAY_MS - 25 * 60_000
SPAN = {"station": STATION, "from_ms": BEGIN_MS, "to_ms": NOW_MS}
RULES = """
[[rule]]
id = "mean"
name = "氨氮均值"
kind = "threshold"
indicator = "w21003"
window = "1h"
reason = "r"
basis = "《地表水环境质量标准》GB 3838-2002 Ⅲ类"
[[rule.level]]
level = "warning"
above = 1.0

[[rule]]
id = "rate"
name = "氨氮突升"
kind = "rate"
indicator = "w21003"
window = "1h"
reason = "r"
[[rule.level]]
level = "notice"
above = 0.5

[[rule]]
id = "class"
name = "水质类别"
kind = "standard"
stations = { kind = "water" }
reason = "r"
basis = "《地表水环境质量标准》GB 3838-2002"
[[rule.level]]
level = "warning"
for = "1h"
[[rule.level]]
level = "alarm"
by = 2

[[rule]]
id = "trend"
name = "氨氮将超标"
kind = "trend"
indicator = "w21003"
window = "20d"
limit = 1.3
reason = "r"
[[rule.level]]
level = "notice"
within = "30d"
clear = { above = 60 }

[[rule]]
id = "usual"
name = "氨氮偏离平时"
kind = "baseline"
indicator = "w21003"
reason = "r"
[[rule.level]]
level = "notice"
above = 4.0

[[rule]]
id = "drift"
name = "氨氮缓慢上升"
kind = "baseline"
indicator = "w21003"
window = "14d"
cusum = { slack = 0.5, over = "2d" }
reason = "r"
[[rule.level]]
level = "notice"
above = 30.0

[[rule]]
id = "arrival"
name = "上游传来"
kind = "propagation"
indicator = "w21003"
window = "1h"
travel = ["1h", "3h"]
reason = "r"
[[rule.level]]
level = "warning"
above = 0.4

[[rule]]
id = "sewage"
name = "生活污水"
kind = "combined"
reason = "r"
[[rule.condition]]
indicator = "w21003"
above = 1.0
[[rule.condition]]
indicator = "w01009"
below = 5.0
window = "1h"
[[rule.level]]
level = "alarm"

[[rule]]
id = "state"
name = "仪器状态"
kind = "state"
indicator = "w21003"
reason = "r"
[[rule.level]]
level = "warning"
for = "1h"

[[rule]]
id = "absence"
name = "数据中断"
kind = "absence"
reason = "r"
[[rule.level]]
level = "warning"
for = "1h"
"""
WRITTEN = {row["id"]: row for row in tomllib.loads(RULES)["rule"]}
CALM = {"w01009": 7.5, "w01001": 7.4, "w21011": 0.1, "w01019": 4.0}


@pytest.fixture(autouse=True)
def earlier_readings(centre: RunningCentre, tmp_path: Path) -> None:
    """Forty days at two stations, with spills that run down the river, a slow rise, maintenance
    and a silence, under rules of every kind.
    """
    catalogue, state = centre.services.catalogue, centre.services.state
    for name, station in catalogue.stations.items():
        catalogue.stations[name] = msgspec.structs.replace(station, cadence_ms=CADENCE_MS)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    rule_repository = RuleRepository(state, documents.load(tmp_path / "rules.toml", catalogue))
    wording = Wording(centre.services.words, catalogue, rule_repository.all)
    centre.services = replace(centre.services, rule_repository=rule_repository, wording=wording)
    rng = np.random.default_rng(5)
    t = np.arange(NOW_MS - DAYS * DAY_MS, NOW_MS, CADENCE_MS, dtype=np.int64)
    days = (t - t[0]) / DAY_MS
    measured: dict[str, NDArray[np.float64]] = {}
    for station, late in ((UPSTREAM, 0.0), (STATION, 2 / 24)):
        spill = sum(
            size * np.exp(-(((days - at - late) / 0.06) ** 2))
            for at, size in ((12.3, 1.0), (31.4, 1.6), (34.8, 0.9), (38.2, 1.2))
        )
        ammonia = 0.45 + 0.015 * np.minimum(days, 32) + 0.05 * np.cos(2 * np.pi * days) + spill
        measured[f"{station}/w21003"] = ammonia + 0.02 * rng.normal(size=len(t))
        for code, level in CALM.items():
            value = level * (1 - 0.3 * spill) if code == "w01009" else np.full(len(t), level)
            measured[f"{station}/{code}"] = value
    keep(centre, t, measured)


def keep(
    centre: RunningCentre, t: NDArray[np.int64], measured: Mapping[str, NDArray[np.float64]]
) -> None:
    """Readings by series; in maintenance for six hours on the 33rd day, in calibration on the 35th, silent
    for eight hours on the 36th.
    """
    hours = (t - (NOW_MS - DAYS * DAY_MS)) / HOUR_MS
    cause = np.where((hours > 33 * 24) & (hours < 33 * 24 + 6), Cause.MAINTENANCE, Cause.NORMAL)
    cause[(hours > 35 * 24) & (hours < 35 * 24 + 1)] = Cause.CALIBRATION
    cause = cause.astype(np.uint8)
    there = (hours <= 36 * 24) | (hours >= 36 * 24 + 8)
    t, cause, several = t[there], cause[there], len(measured)
    flags = {int(one): quality_of(Cause(int(one))) for one in np.unique(cause)}
    centre.kept += 1
    columns = Columns(
        names=tuple(measured),
        series=np.repeat(np.arange(several, dtype=np.uint32), len(t)),
        t=np.tile(t, several),
        value=np.concatenate([np.round(value[there], 3) for value in measured.values()]),
        quality=np.tile([flags[one] for one in cause.tolist()], several).astype(np.uint8),
        cause=np.tile(cause, several),
        received=np.tile(t, several),
        boots=("0" * 32,),
        boot=np.zeros(several * len(t), np.uint16),
        seq=np.arange(several * len(t), dtype=np.int64),
    )
    centre.services.store.append(centre.kept, columns)


def written(rule_id: str, changes: Mapping[str, Any]) -> Rule:
    """A rule of the file, or what its document with changes would be; ``level`` changes the first
    of its levels.
    """
    row = dict(WRITTEN[rule_id])
    first, *others = row["level"]
    row |= {key: value for key, value in changes.items() if key != "level"}
    row["level"] = [first | changes.get("level", {}), *others]
    faults: list[Fault] = []
    rule = documents.read(row, "rule", faults)
    assert rule is not None, faults
    return rule


def wanted(rule: Rule) -> list[dict[str, Any]]:
    """Its levels as the API takes them."""
    limited = rule.kind not in ("absence", "state")
    return [
        {
            "level": limit.level.name.lower(),
            "limit": limit.limit if limited else None,
            "for_ms": limit.for_ms,
            "clear_limit": limit.clear_limit if limited else None,
            "clear_for_ms": limit.clear_for_ms,
        }
        for limit in rule.limits
    ]


def history(centre: RunningCentre, name: str) -> Readings:
    """All that the store has of a series, judged; of one that ends in "!" every cause."""
    track = centre.services.store.track(name.removesuffix(ANY), 0, NOW_MS)
    return (track.t, track.cause.astype(np.float64)) if name.endswith(ANY) else track.good()


def back_test(centre: RunningCentre, rule: Rule) -> Outcome:
    """The rule at the station, from the beginning of the span on, with all that came before."""
    here = replace(rule, scope=Scope(id=STATION), valid_from_ms=BEGIN_MS)
    return tried([here], centre.services.catalogue, lambda name: history(centre, name), NOW_MS)


def post(client: httpx.Client, rule_id: str, what: str, **body: object) -> Any:
    """The answer of an action on a rule."""
    answer = client.post(f"/api/v1/rules/{rule_id}/{what}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


DRAFTS: list[tuple[str, dict[str, Any]]] = [
    ("mean", {"window": "3h", "level": {"above": 1.2}}),
    ("rate", {"window": "2h"}),
    ("rate", {"level": {"above": 0.3, "clear": {"below": 0.1, "for": "1h"}}}),
    ("class", {"target": "IV"}),
    ("class", {"averaging": "day", "level": {"by": 1, "for": "0s"}}),
    ("class", {"level": {"by": 2, "for": "2h"}}),
    ("trend", {"window": "12d", "significance": 0.3}),
    ("trend", {"limit": 1.1, "level": {"within": "10d", "clear": {"above": 12}}}),
    ("usual", {"window": "10d", "level": {"above": 6.0, "clear": {"below": 3.0}}}),
    ("drift", {"cusum": {"slack": 2.0, "over": "1d"}, "level": {"above": 12.0}}),
    ("arrival", {"travel": ["90m", "150m"], "level": {"above": 0.2}}),
    (
        "sewage",
        {
            "condition": [
                {"indicator": "w21003", "above": 1.5},
                {"indicator": "w01009", "below": 6.0, "window": "2h"},
            ],
            "level": {"at_least": "any"},
        },
    ),
    ("state", {"states": ["calibration"], "level": {"for": "20m"}}),
    ("absence", {"level": {"for": "9h"}}),
    ("absence", {"level": {"for": "20m"}}),
]


@pytest.mark.parametrize(("rule_id", "changes"), DRAFTS)
def test_a_draft_does_what_its_document_would_have_done(
    centre: RunningCentre, officer: httpx.Client, rule_id: str, changes: dict[str, Any]
) -> None:
    """Alerts and figures of both are those of the back-test, with all the history before."""
    now, draft = back_test(centre, written(rule_id, {})), written(rule_id, changes)
    then = back_test(centre, draft)
    fields = {key: value for key, value in changes.items() if key != "level"}

    found = post(officer, rule_id, "trial", levels=wanted(draft), look=fields, **SPAN)

    for outcome, version in ((now, "now"), (then, "draft")):
        assert found[version]["alerts"] == [shown(alert) for alert in outcome.alerts]
        assert found[version]["counts"]["hours"] == outcome.counts().hours
    assert found["now"]["alerts"] != found["draft"]["alerts"]


def test_every_kind_is_tried() -> None:
    """Or the test before would say less than it seems to."""
    assert {rule_id for rule_id, _ in DRAFTS} == WRITTEN.keys()
    assert len({row["kind"] for row in WRITTEN.values()}) == 9


def test_a_draft_of_the_rule_in_force_changes_nothing(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Whatever of the kind's own fields is left out."""
    for rule in centre.services.rules:
        found = post(officer, rule.id, "trial", levels=wanted(rule), **SPAN)
        assert found["only_now"] == found["only_draft"] == 0
        assert found["both"] > 0, rule.id


def test_all_stations_in_scope_are_tried(officer: httpx.Client) -> None:
    """Where the rule fits: there is nothing upstream of the first one."""
    for rule_id, stations in (("class", {UPSTREAM, STATION}), ("arrival", {STATION})):
        levels = wanted(written(rule_id, {}))
        found = post(officer, rule_id, "trial", levels=levels, **SPAN | {"station": None})
        assert set(found["now"]["counts"]["by_station"]) == stations


@pytest.mark.parametrize(
    ("rule_id", "fields"),
    [
        ("mean", {"window": "6h"}),
        ("class", {"target": "II"}),
        ("usual", {}),
        ("drift", {"cusum": {"slack": 0.1, "over": "5d"}}),
        ("arrival", {}),
        ("sewage", {}),
    ],
)
def test_a_chart_shows_what_the_levels_judge(
    centre: RunningCentre, officer: httpx.Client, rule_id: str, fields: dict[str, Any]
) -> None:
    """From the first instant of the span on, with what it needs to know of the time before."""
    draft = written(rule_id, fields)
    (instance,) = rule_instances(
        replace(draft, scope=Scope(id=STATION)), centre.services.catalogue
    )
    t, value = instance.of_history(
        [history(centre, name) for name in instance.members], ALL, NOW_MS
    )
    here = t >= BEGIN_MS

    found = post(
        officer, rule_id, "signal", levels=wanted(draft), look=fields, points=5000, **SPAN
    )

    (row,) = found["rows"]
    assert (row["t"], row["value"]) == (t[here].tolist(), value[here].tolist())
    assert row["t"][0] - BEGIN_MS < HOUR_MS
    assert row["step_ms"] == (HOUR_MS if instance.hours else CADENCE_MS)


def test_a_chart_is_thinned_and_keeps_its_peaks(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Whatever the span holds."""
    levels = wanted(written("mean", {}))
    whole = post(officer, "mean", "signal", levels=levels, points=5000, **SPAN)["rows"][0]
    few = post(officer, "mean", "signal", levels=levels, points=100, **SPAN)["rows"][0]
    assert len(few["t"]) <= 102 < len(whole["t"])
    assert max(few["value"]) == max(whole["value"])


def test_days_without_a_trend_towards_the_limit_are_left_out(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """They are infinitely far from it, which no chart can draw."""
    fields = {"limit": 0.1, "towards": "below"}
    rule = written("trend", fields)
    (instance,) = rule_instances(replace(rule, scope=Scope(id=STATION)), centre.services.catalogue)
    members = [history(centre, name) for name in instance.members]
    _, value = instance.of_history(members, BEGIN_MS - 1, NOW_MS)
    found = post(officer, "trend", "signal", levels=wanted(rule), look=fields, **SPAN)
    assert len(value)
    assert np.isinf(value).all()
    assert found["rows"][0]["value"] == []
    assert (found["unit"], "20 天" in found["name"]) == ("天", True)


def test_silences_and_states_are_shown_with_their_length(officer: httpx.Client) -> None:
    """A silence as steps in minutes, a state where it begins and ends."""
    silent = post(officer, "absence", "signal", levels=wanted(written("absence", {})), **SPAN)[
        "rows"
    ][0]
    lengths = dict(zip(silent["t"], silent["value"], strict=True))
    assert sorted(lengths.values())[-2:] == [360.0, 480.0]
    begin = next(t for t, minutes in lengths.items() if minutes == 480)
    assert lengths[begin + 480 * 60_000] == 0

    found = post(officer, "state", "signal", levels=wanted(written("state", {})), **SPAN)
    (row,) = found["rows"]
    assert row["name"] == "氨氮"
    assert found["causes"][str(int(Cause.MAINTENANCE))] == "仪器维护中"
    turns = list(zip(row["t"], row["value"], strict=True))
    assert [value for _, value in turns] == [0, 2, 0, 1, 0]
    assert turns[2][0] - turns[1][0] == 6 * HOUR_MS - CADENCE_MS


@pytest.mark.parametrize(
    ("rule_id", "fields", "level", "where", "words"),
    [
        ("trend", {"window": "5d"}, {}, "look.window", "“看多久的走势”填得不对"),
        ("trend", {"window": "60"}, {}, "look.window", "整天，10 天以上"),
        ("trend", {"significance": 2.0}, {}, "look.significance", "显著性水平"),
        ("trend", {"season": "month"}, {}, "look.season", "周期"),
        ("trend", {"limit": "high"}, {}, "look.limit", "限值"),
        ("trend", {}, {"limit": 0.0, "clear_limit": 0.0}, "levels[0].limit", "4000 天"),
        ("usual", {"window": "36h"}, {}, "look.window", "7 天以上"),
        ("usual", {"cusum": {"slack": 1.0}}, {}, "look.cusum", "刷新页面"),
        ("drift", {"cusum": {"over": "90m"}}, {}, "look.cusum.over", "累积多久"),
        ("drift", {"cusum": {"slack": -1.0}}, {}, "look.cusum.slack", "不计入的偏离"),
        ("arrival", {"travel": ["3h", "1h"]}, {}, "look.travel", "先快后慢"),
        ("rate", {"window": "8d"}, {}, "look.window", "计算变化的时间"),
        ("rate", {"indicator": "w01009"}, {}, "look.indicator", "刷新页面"),
        ("class", {"target": "VI"}, {}, "look.target", "应达到的类别"),
        ("class", {}, {"limit": 0.5, "clear_limit": 0.0}, "levels[0].limit", "整数"),
        ("class", {}, {"limit": -1.0, "clear_limit": -1.0}, "levels[0].limit", "整数"),
        ("sewage", {}, {"limit": 2.0}, "levels[0].limit", "不能多于条件的项数"),
        ("sewage", {"condition": [{"indicator": "w21003"}]}, {}, "look.condition[1]", "条件"),
        ("sewage", {}, {"clear_limit": 3.0}, "levels[0].clear_limit", "不能高于报警限值"),
        ("state", {"states": []}, {}, "look.states", "哪些状态"),
        ("state", {}, {"limit": 1.0}, "levels[0].limit", "刷新页面"),
        ("state", {}, {"clear_for_ms": 1}, "levels[0].clear_for_ms", "刷新页面"),
        ("trend", {}, {"limit": 1e305, "clear_limit": 1e305}, "levels[0].limit", "数字"),
        ("class", {}, {"limit": 1e11, "clear_limit": 0.0}, "levels[0].limit", "整数"),
        ("trend", {"window": "9" * 5000 + "d"}, {}, "look.window", "看多久的走势"),
        ("absence", {}, {"for_ms": 0}, "levels[0].for_ms", "请填写要持续多久"),
    ],
)
def test_what_does_not_hold_is_named_as_in_a_document(
    officer: httpx.Client,
    rule_id: str,
    fields: dict[str, Any],
    level: dict[str, Any],
    where: str,
    words: str,
) -> None:
    """With its remedy; on the page in Chinese, by the name of its field."""
    first, *others = wanted(written(rule_id, {}))
    body = {"levels": [first | level, *others], "look": fields} | SPAN
    for what, more in (("trial", {}), ("signal", {}), ("versions", {"version": 1, "reason": "r"})):
        sent = {k: v for k, v in body.items() if k in ("levels", "look")} if more else body
        answer = officer.post(f"/api/v1/rules/{rule_id}/{what}", json=sent | more)
        assert answer.status_code == 422, answer.text
        found = answer.json()
        assert found["where"] == where, found
        assert words in found["words"]
        assert ";" in found["detail"]


def test_a_number_that_is_none_is_refused_in_a_field_too(officer: httpx.Client) -> None:
    """The text of the request can say it."""
    body = {"levels": wanted(written("trend", {})), "look": {"limit": float("nan")}} | SPAN
    headers = {"content-type": "application/json"}
    answer = officer.post("/api/v1/rules/trend/trial", content=json.dumps(body), headers=headers)
    assert (answer.status_code, "look.limit" in answer.text) == (422, True)


@pytest.mark.parametrize("rule_id", ["mean", "sewage"])
def test_a_mean_that_would_take_minutes_is_refused(
    officer: httpx.Client, monkeypatch: pytest.MonkeyPatch, rule_id: str
) -> None:
    """Before it is computed: of a long window and dense readings."""
    monkeypatch.setattr(repository, "MOST_SUMMED", 5000)
    body = {"levels": wanted(written(rule_id, {}))} | SPAN
    answer = officer.post(f"/api/v1/rules/{rule_id}/trial", json=body)
    assert (answer.status_code, answer.json()["where"]) == (422, "from_ms")
    assert "监测数据太多" in answer.json()["words"]


def test_a_draft_that_fits_no_station_is_refused(officer: httpx.Client) -> None:
    """Where nothing measures what it asks for."""
    conditions = [{"indicator": "a34004", "above": 75.0}, {"indicator": "w01009", "below": 5.0}]
    body = {"levels": wanted(written("sewage", {})), "look": {"condition": conditions}}
    saved = body | {"version": 1, "reason": "r"}
    for what, sent in (("trial", body | SPAN), ("trial", body), ("versions", saved)):
        answer = officer.post(f"/api/v1/rules/sewage/{what}", json=sent)
        assert (answer.status_code, answer.json()["where"]) == (422, "station")


@pytest.mark.parametrize(
    ("rule_id", "changes", "lines"),
    [
        (
            "class",
            {"target": "II", "averaging": "day", "level": {"by": 2}},
            ["应达到的类别 各站点的目标 → Ⅱ类", "评价时段 小时 → 日", "关注限值 1 → 2 级"],
        ),
        (
            "drift",
            {"window": "10d", "cusum": {"slack": 1.0, "over": "36h"}},
            [
                "与之前多久相比 14 天 → 10 天",
                "每小时不计入的偏离 0.5 → 1",
                "累积多久 2 天 → 1 天 12 小时",
            ],
        ),
        (
            "sewage",
            {
                "condition": [
                    {"indicator": "w21003", "above": 1.5},
                    {"indicator": "w01009", "below": 5.0, "window": "2h"},
                ],
                "level": {"at_least": 1},
            },
            ["氨氮高于 1 → 1.5", "溶解氧取均值的时间 1 小时 → 2 小时", "警告限值 2 → 1 项"],
        ),
        (
            "trend",
            {"limit": 1.5, "season": "week", "level": {"within": "14d"}},
            ["限值 1.3 → 1.5", "周期 不分 → 按星期几比较", "提示限值 30 → 14 天"],
        ),
        ("rate", {"window": "90m"}, ["计算变化的时间 1 小时 → 1 小时 30 分"]),
        ("state", {"states": ["fault"]}, ["→ 仪器故障"]),
        ("absence", {"level": {"for": "2h"}}, ["关注持续时间 1 小时 → 2 小时"]),
    ],
)
def test_a_draft_is_saved_and_its_changes_are_reported(
    centre: RunningCentre,
    officer: httpx.Client,
    rule_id: str,
    changes: dict[str, Any],
    lines: list[str],
) -> None:
    """It is in force as its document would be, and the audit has what was saved."""
    draft = written(rule_id, changes)
    fields = {key: value for key, value in changes.items() if key != "level"}
    saved = post(
        officer,
        rule_id,
        "versions",
        levels=wanted(draft),
        look=fields,
        version=1,
        reason="按去年的经验",
    )

    (rule,) = (rule for rule in centre.services.rules if rule.id == rule_id)
    assert (rule.version, rule.signal, rule.about) == (2, draft.signal, draft.about)
    assert [replace(limit, basis="") for limit in rule.limits] == [
        replace(limit, basis="") for limit in draft.limits
    ]
    assert saved["look"] == serialising.own(draft)
    with centre.services.state.read() as connection:
        row = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id.desc())).first()
    assert row is not None
    assert json.loads(row.detail)["look"] == saved["look"]
    text = text_of(officer.get(f"/environment/rules/{rule_id}"))
    for line in lines:
        assert line in text


def test_the_same_fields_again_are_no_version(officer: httpx.Client) -> None:
    """However they are written."""
    body = {"levels": wanted(written("drift", {})), "look": {"window": "336h"}}
    answer = officer.post(
        "/api/v1/rules/drift/versions", json=body | {"version": 1, "reason": "r"}
    )
    assert (answer.status_code, "没有需要保存的改动" in answer.json()["words"]) == (422, True)


def test_a_standard_stays_behind_what_it_says(officer: httpx.Client) -> None:
    """Of the class to be held no longer where that is another one; a window changes nothing."""
    new = {"version": 1, "reason": "r"}
    levels = wanted(written("class", {}))
    other = post(officer, "class", "versions", levels=levels, look={"target": "II"}, **new)
    assert {level["basis"] for level in other["levels"]} == {""}
    wider = post(
        officer,
        "mean",
        "versions",
        levels=wanted(written("mean", {})),
        look={"window": "2h"},
        **new,
    )
    assert "Ⅲ类" in wider["levels"][0]["basis"]


def test_the_list_tells_every_kind_in_words(centre: RunningCentre, officer: httpx.Client) -> None:
    """What it looks at, its levels, the version in force, and the one that waits."""
    later = NOW_MS + HOUR_MS
    levels = wanted(written("rate", {}))
    post(
        officer,
        "rate",
        "versions",
        levels=levels,
        look={"window": "2h"},
        version=1,
        reason="r",
        valid_from_ms=later,
    )
    text = text_of(officer.get("/environment/rules"))
    for said in (
        "按标准评价",
        "水质（小时均值）劣于应达到类别的级数",
        "劣于目标 1 个类别及以上 持续 1 小时；达到目标后解除",
        "照此走势 30 天内越过限值 即报警；推迟到 60 天以后后解除",
        "氨氮与平时同一时段相比的累积偏离",
        "2 项或更多同时成立 即报警；降到 1 项或更少后解除",
        "同时成立的条件：氨氮高于 1 mg/L；溶解氧 1 小时均值低于 5 mg/L",
        "仪器校准中、仪器维护中",
        "持续 1 小时；恢复测量后解除",
        "现行第 1 版",
        "第 2 版 13:00:00 起生效",
    ):
        assert said in text
    rules = {rule["id"]: rule for rule in officer.get("/api/v1/rules").json()}
    assert rules["drift"]["look"] == {"window": "14d", "cusum": {"slack": 0.5, "over": "2d"}}
    assert (rules["drift"]["unit"], rules["state"]["levels"][0]["side"]) == ("个标准差", None)
    assert STATION in rules["arrival"]["stations"]
    assert UPSTREAM not in rules["arrival"]["stations"]


@pytest.mark.parametrize("rule_id", WRITTEN)
def test_every_rule_has_its_page_with_the_fields_of_its_kind(
    officer: httpx.Client, rule_id: str
) -> None:
    """Lines are there where there is a limit to be moved."""
    page = officer.get(f"/environment/rules/{rule_id}")
    assert page.status_code == 200
    lines = page.text.count('role="slider"')
    rule = written(rule_id, {})
    assert lines == (0 if rule.kind in ("absence", "state") else 2 * len(rule.limits))
    assert ('id="look"' in page.text) == (rule.kind != "absence")
