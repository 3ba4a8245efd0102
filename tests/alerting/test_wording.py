"""Alerts in plain words: what, where, since when, how far above which standard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerting.alert import Alert, Level, State
from alerting.rules import documents
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from tests.alerting.cases import CASES, Case

T0 = 1_795_513_000_000  # 2026-11-24 17:36:40 in the district
SPILL = Alert(
    "a", "ammonia-over-class", 1, Level.ALARM, "pollution", "tonglv-jinsha", "w21003",
    State.FIRING, T0, T0 + 3000, None, 2.5, T0 + 4000, 2.5, T0 + 4000, fired_value=1.2,
)  # fmt: skip
NOW = T0 + 10_000
OXYGEN: dict[str, Any] = {"rule_id": "oxygen-low", "indicator": "w01009"}


@pytest.fixture
def wording(district: Path, catalogue: Catalogue) -> Wording:
    """The demonstration's words and rules."""
    in_force = documents.load(district / "rules.toml", catalogue)
    return Wording(Words.load("zh-CN", {}, district), catalogue, lambda: in_force)


def test_an_alert_says_what_where_how_far_and_against_which_class(wording: Wording) -> None:
    """And whether it grows, why it fired and what ends it."""
    said = wording.sentences(SPILL, NOW)
    assert said.summary == (
        "通吕运河金沙断面：氨氮 2.500 mg/L，高于限值 1.000 mg/L，超标 1.5 倍"
        "（《地表水环境质量标准》GB 3838-2002 Ⅲ类），单项属劣Ⅴ类水质。"
    )
    assert said.trend == "目前仍在上升。"
    assert said.why == (
        "自 17:36:40 起氨氮高于限值 1.000 mg/L，持续满 3 秒，触发“警告”级报警，触发时为 1.200 mg/L。"
    )
    assert said.ends == "当氨氮降到 0.900 mg/L 以下并保持 10 秒后，报警自动解除。"


def test_each_level_names_its_own_class(wording: Wording) -> None:
    """2 mg/L is the limit of class V."""
    said = wording.sentences(replace(SPILL, level=Level.CRITICAL), NOW)
    assert "2.000 mg/L" in said.summary
    assert "Ⅴ类" in said.summary


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (1.4, "氨氮 1.400 mg/L，高于限值 1.000 mg/L"),
        (0.95, "已降到限值 1.000 mg/L 以下（《地表水环境质量标准》GB 3838-2002 Ⅲ类），单项属Ⅲ类水质；待降到"),
        (0.95, "；待降到 0.900 mg/L 以下并保持 10 秒后解除。"),
        (0.4, "；已符合解除条件（降到 0.900 mg/L 以下），保持满 10 秒后解除。"),
    ],
)  # fmt: skip
def test_a_value_back_within_its_limit_is_reported_with_what_it_waits_for(
    wording: Wording, last: float, said: str
) -> None:
    """Beyond the limit, between it and the clear limit, and within that one."""
    told = wording.sentences(replace(SPILL, last_value=last), NOW)
    assert said in told.summary
    assert ("高于限值" in told.summary) == (last > 1.0)
    assert "触发时为 1.200 mg/L" in told.why


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "目前仍在上升。"),
        ({"last_value": 2.49, "last_ms": T0 + 9000}, "目前基本持平。"),
        ({"last_value": 1.2, "last_ms": T0 + 9000}, "目前已回落。"),
        ({"peak": 1.2, "peak_ms": T0 + 3000, "last_value": 1.2, "last_ms": T0 + 3000}, ""),
        ({"last_value": 0.95, "last_ms": T0 + 9000}, ""),
        ({"last_ms": T0 - 86_400_000}, ""),
        ({"fired_value": None}, "目前基本持平。"),
        (OXYGEN | {"peak": 1.2, "last_value": 1.2, "fired_value": 1.9}, "目前仍在下降。"),
        (OXYGEN | {"peak": 1.2, "last_value": 1.25, "fired_value": 1.9}, "目前基本持平。"),
        (OXYGEN | {"peak": 1.2, "last_value": 1.8, "fired_value": 1.9}, "目前已回升。"),
        ({"rule_id": "sewage-signature", "indicator": "", "peak": 2.0, "last_value": 2.0}, ""),
        ({"rule_id": "sensor-not-measuring", "level": Level.WARNING, "peak": 4.0,
          "last_value": 4.0}, ""),
    ],
)  # fmt: skip
def test_a_trend_goes_by_the_side_of_the_limit_and_has_a_band(
    wording: Wording, changes: dict[str, Any], said: str
) -> None:
    """Nothing of what is no value, of one reading alone, and of what is old."""
    assert wording.sentences(replace(SPILL, **changes), NOW).trend == said


def test_lost_data_are_said_and_an_end_names_the_peak(wording: Wording) -> None:
    """What was lost may go on."""
    lost = wording.sentences(replace(SPILL, data_lost=True), NOW)
    over = replace(SPILL, last_value=0.5).resolve(T0 + 83_000)
    ended = wording.message(over, "resolved", "deputy", NOW)
    assert lost.trend.startswith("数据已中断")
    assert ended == (
        "【解除】通吕运河金沙断面氨氮已恢复正常（17:38:03），历时 1 分 23 秒，"
        "期间最高 2.500 mg/L（超标 1.5 倍）。"
    )


def test_what_no_reading_ended_is_not_called_normal(wording: Wording, district: Path) -> None:
    """A version of the rule that holds no more, and a silence that was too long."""
    silent = replace(SPILL, last_value=None).resolve(T0 + 86_400_000)
    assert "情况不明" in wording.message(silent, "resolved", "deputy", NOW)
    assert "情况不明" in wording.sentences(silent, NOW).ends
    until_ms = T0 + 60_000
    rules = [
        replace(rule, valid_until_ms=until_ms)
        for rule in documents.load(district / "rules.toml", wording.catalogue)
    ]
    changed = Wording(Words.load("zh-CN"), wording.catalogue, lambda: rules)
    closed = replace(SPILL, last_value=None).resolve(until_ms)
    for said in (
        changed.message(closed, "resolved", "deputy", NOW),
        changed.sentences(closed, NOW).ends,
    ):
        assert "规则已于 17:37:40 更新" in said
        assert "正常" not in said


def test_a_lower_limit_and_ph_have_no_multiple(wording: Wording) -> None:
    """The evaluation method gives none for dissolved oxygen."""
    oxygen = replace(SPILL, **OXYGEN, peak=1.5, last_value=1.5)
    said = wording.sentences(oxygen, NOW)
    assert "低于限值 2.00 mg/L" in said.summary
    assert "倍" not in said.summary


def test_silence_is_reported_without_a_value(wording: Wording) -> None:
    """To operators."""
    silent = replace(
        SPILL, rule_id="station-silent", level=Level.WARNING, about="maintenance", indicator="",
        peak=None, last_value=None,
    )  # fmt: skip
    text = wording.message(silent, "fired", "officer", NOW)
    assert "没有有效数据" in text
    assert "运维" in text


def test_each_role_hears_what_it_can_do_itself(wording: Wording) -> None:
    """Who looks after the river is not told that somebody else does; both hear of which rule."""
    deputy, officer = (
        wording.message(SPILL, "fired", role, NOW) for role in ("deputy", "officer")
    )
    assert deputy.startswith("【警告】通吕运河金沙断面：氨氮超标。氨氮 2.500 mg/L")
    assert deputy.endswith("生态环境部门已收到并负责核查，结果会在平台的报警页面公布。")
    assert "现场核查" in officer
    assert "已收到" not in officer


def test_an_alert_outlives_its_rule(wording: Wording) -> None:
    """The page still opens and says so; another version's limits are not those that it passed."""
    for changes in ({"rule_id": "gone"}, {"rule_version": 7}):
        said = wording.sentences(replace(SPILL, **changes), NOW)  # type: ignore[arg-type]
        assert "氨氮 2.500 mg/L" in said.summary
        assert "限值" not in said.summary
        assert "已停用" in said.why


@pytest.mark.parametrize(
    ("rule", "station", "indicator", "shown"),
    [
        ("ammonia-over-class", "tonglv-jinsha", "w21003", ["w21003"]),
        ("sewage-signature", "tonglv-jinsha", "", ["w21003", "w01009"]),
        ("air-quality-index", "air-jinsha", "",
         ["a34004", "a34002", "a21026", "a21004", "a21005", "a05024"]),
        ("station-silent", "air-jinsha", "", [
            "a34004", "a34002", "a21026", "a21004", "a21005", "a05024",
            "a01001", "a01002", "a01006", "a01007", "a01008"]),
        ("gone", "tonglv-jinsha", "w21003", ["w21003"]),
    ],
)  # fmt: skip
def test_what_an_alert_concerns_is_what_its_rule_looks_at(
    wording: Wording, rule: str, station: str, indicator: str, shown: list[str]
) -> None:
    """The conditions in their order; of a silent station everything."""
    alert = replace(SPILL, rule_id=rule, station=station, indicator=indicator)
    assert [row.code for row in wording.concerned(alert)] == shown


@pytest.mark.parametrize("state", [State.FIRING, State.RESOLVED], ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_kind_has_its_words_while_it_lasts_and_afterwards(
    case: Case, state: State, tmp_path: Path
) -> None:
    """No sentence is left empty or with a gap in it; where nothing is counted, the worst value
    stands beside its limit.
    """
    rules, catalogue = case.loaded(tmp_path, 1000)
    wording = Wording(Words.load("zh-CN"), catalogue, lambda: rules)
    event, ended_ms = ("resolved", T0 + 60_000) if state is State.RESOLVED else ("fired", None)
    of = rules[0].kind
    indicator = rules[0].indicator or ("w21003" if of == "state" else "")
    peak = None if of == "absence" else 3.0
    for limit in rules[0].limits:
        alert = replace(
            SPILL, rule_id="r", level=limit.level, station="lower", indicator=indicator,
            state=state, resolved_ms=ended_ms, peak=peak, last_value=peak,
        )  # fmt: skip
        said, told = wording.sentences(alert, NOW), wording.message(alert, event, "officer", NOW)
        for text in (said.summary, said.why, said.ends, told):
            assert text
            assert not set("{}") & set(text)
        if said.extreme:
            assert said.extreme.value.startswith("3")


def test_the_same_alert_in_english(wording: Wording) -> None:
    """With the district's own names."""
    said = wording.into("en").sentences(SPILL, NOW)
    assert said.rule_name == "Ammonia nitrogen above the standard"
    assert said.summary == (
        "Tonglü Canal at Jinsha: ammonia nitrogen 2.500 mg/L, above the limit of 1.000 mg/L, "
        "exceeded by 1.5 times the limit (GB 3838-2002, surface water, Class III), "
        "by itself below Class V."
    )
    assert said.why == (
        "From 17:36:40, ammonia nitrogen was above the limit of 1.000 mg/L for 3 s, "
        "which raised an alert of level Alarm; it was 1.200 mg/L at that time."
    )
    assert said.ends == (
        "The alert ends by itself once ammonia nitrogen is at 0.900 mg/L or less for 10 s."
    )
