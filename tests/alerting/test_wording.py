"""Alerts in plain words: what, where, since when, how far above which standard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alerting import documents
from alerting.alert import Alert, Level, State
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from tests.alerting.cases import CASES, Case

T0 = 1_795_513_000_000  # 2026-11-24 17:36:40 in the district
SPILL = Alert(
    "a", "ammonia-over-class", 1, Level.ALARM, "pollution", "tonglv-jinsha", "w21003",
    State.FIRING, T0, T0 + 3000, None, 2.5, T0 + 4000, 2.5, T0 + 4000,
)  # fmt: skip


@pytest.fixture
def wording(district: Path, catalogue: Catalogue) -> Wording:
    """The demonstration's words and rules."""
    in_force = documents.load(district / "rules.toml", catalogue)
    return Wording(Words.load("zh-CN"), catalogue, lambda: in_force)


def test_an_alert_says_what_where_how_far_and_against_which_class(wording: Wording) -> None:
    """And whether it grows, why it fired and what ends it."""
    said = wording.sentences(SPILL)
    assert said.summary == (
        "通吕运河金沙断面：氨氮 2.500 mg/L，高于限值 1.000 mg/L，超出 1.5 倍"
        "（《地表水环境质量标准》GB 3838-2002 Ⅲ类），单项属劣Ⅴ类水质。"
    )
    assert said.trend == "目前仍在升高。"
    assert said.why.startswith("自 11月24日 17:36:40 起")
    assert said.ends == "当氨氮降到并保持不高于 0.900 mg/L 满 10 秒后，报警自动解除。"


def test_each_level_names_its_own_class(wording: Wording) -> None:
    """2 mg/L is the limit of class V."""
    said = wording.sentences(replace(SPILL, level=Level.CRITICAL))
    assert "2.000 mg/L" in said.summary
    assert "Ⅴ类" in said.summary


def test_lost_data_are_said_and_an_end_names_the_peak(wording: Wording) -> None:
    """A falling value is not called rising."""
    lost = wording.sentences(replace(SPILL, data_lost=True))
    falling = wording.sentences(replace(SPILL, last_value=1.2, last_ms=T0 + 9000))
    over = replace(SPILL, last_value=0.5).resolve(T0 + 60_000)
    ended = wording.message(over, "resolved", "deputy")
    assert lost.trend.startswith("数据已中断")
    assert falling.trend == "目前已从最高值回落。"
    assert "最高 2.500" in ended
    assert "历时 60 秒" in ended


def test_a_lower_limit_and_ph_have_no_multiple(wording: Wording) -> None:
    """The evaluation method gives none for dissolved oxygen."""
    oxygen = replace(SPILL, rule_id="oxygen-low", indicator="w01009", peak=1.5, last_value=1.5)
    said = wording.sentences(oxygen)
    assert "低于限值 2.00 mg/L" in said.summary
    assert "倍" not in said.summary


def test_silence_is_told_without_a_value(wording: Wording) -> None:
    """To operators."""
    silent = replace(
        SPILL, rule_id="station-silent", level=Level.WARNING, about="maintenance", indicator="",
        peak=None, last_value=None,
    )  # fmt: skip
    text = wording.message(silent, "fired", "officer")
    assert "没有有效数据" in text
    assert "运维" in text


def test_each_role_hears_what_it_can_do_itself(wording: Wording) -> None:
    """Who looks after the river is not told that somebody else does."""
    deputy, officer = (wording.message(SPILL, "fired", role) for role in ("deputy", "officer"))
    assert deputy.endswith("生态环境部门已同时收到，请留意后续消息，也可在平台上确认并查看曲线。")
    assert "现场查看" in officer
    assert "已同时收到" not in officer


def test_an_alert_outlives_its_rule(wording: Wording) -> None:
    """The page still opens and says so."""
    said = wording.sentences(replace(SPILL, rule_id="gone"))
    assert "氨氮 2.500 mg/L" in said.summary
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
        said = wording.sentences(alert)
        for text in (said.summary, said.why, said.ends, wording.message(alert, event, "officer")):
            assert text
            assert not set("{}") & set(text)
        if said.extreme:
            assert said.extreme.value.startswith("3")
