"""Every comparison in a sentence of an alert, read back and tried on the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import Alert, State
from alerting.rules.conditions.limit import Limit
from alerting.rules.kinds.trend import Trend
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from config.catalogue.words import Words
from config.vocabulary.quality import Cause
from tests.alerting.cases import CASES, Case
from tests.conftest import examples

T0 = 1_795_513_000_000
N = r"(-?\d+(?:\.\d+)?)"
UNIT = r"(?: ?(?!\d)[^\s，；。（）]+)?"
CLASSES = ["Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类"]
CLASS = f"({'|'.join(reversed(CLASSES))})"


def rank(name: str) -> int:
    return CLASSES.index(name)


LEVEL = "(?:，[一二三四五六]级[^，。]*?)?"
CLAIMS: dict[str, Callable[[str, str], bool]] = {
    rf"{N}{UNIT}{LEVEL}，高于(?:限值)? ?{N}": lambda v, bound: float(v) > float(bound),
    rf"{N}{UNIT}{LEVEL}，低于(?:限值)? ?{N}": lambda v, bound: float(v) < float(bound),
    rf"{N}{UNIT}{LEVEL}，已降到限值 {N}{UNIT} ?以下": lambda v, bound: float(v) <= float(bound),
    rf"{N}{UNIT}{LEVEL}，已升到限值 {N}{UNIT} ?以上": lambda v, bound: float(v) >= float(bound),
    rf"{N}{UNIT}{LEVEL}，已降到限值.*；待降到 {N}": lambda v, bound: float(v) > float(bound),
    rf"{N}{UNIT}{LEVEL}，已升到限值.*；待升到 {N}": lambda v, bound: float(v) < float(bound),
    rf"{N}{UNIT}{LEVEL}，已降到限值.*条件（降到 {N}": lambda v, bound: float(v) <= float(bound),
    rf"{N}{UNIT}{LEVEL}，已升到限值.*条件（升到 {N}": lambda v, bound: float(v) >= float(bound),
    rf"(?:上升|下降) {N}{UNIT}，超过报警值 {N}": lambda v, bound: float(v) > float(bound),
    rf"(?:上升|下降) {N}{UNIT}，已不超过报警值 {N}": lambda v, bound: float(v) <= float(bound),
    rf"(?:上升|下降) {N}{UNIT}，已不.*；待(?:上升|下降)不超过 {N}": lambda v, c: (
        float(v) > float(c)
    ),
    rf"(?:上升|下降) {N}{UNIT}，已不.*条件（(?:上升|下降)不超过 {N}": lambda v, c: (
        float(v) <= float(c)
    ),
    rf"高于限值 {N}.*触发时为 {N}": lambda bound, v: float(v) > float(bound),
    rf"低于限值 {N}.*触发时为 {N}": lambda bound, v: float(v) < float(bound),
    rf"超过报警值 {N}.*触发时(?:至少)?(?:上升|下降) {N}": lambda bound, v: float(v) > float(bound),
    rf"约 {N} 天后[高低]于.*，不到 {N} 天": lambda days, bound: float(days) < float(bound),
    rf"约 {N} 天后才会.*，不少于 {N} 天": lambda days, bound: float(days) >= float(bound),
    rf"减少到 {N} 项，少于报警所需的 {N} 项": lambda n, need: int(n) < int(need),
    rf"{N} 项条件中有 {N} 项同时成立": lambda of, n: int(n) == int(of),
    f"水质(?:最差)?为{CLASS}，未达到{CLASS}水质目标": lambda name, aim: rank(name) > rank(aim),
    f"水质为{CLASS}，劣于应达到的{CLASS}": lambda name, aim: rank(name) > rank(aim),
    f"水质为{CLASS}，已达到{CLASS}水质目标": lambda name, aim: rank(name) <= rank(aim),
    f"水质为{CLASS}，未达到.*已好于报警的{CLASS}": lambda name, bound: rank(name) < rank(bound),
}
"""What a sentence may compare, and when that is true of the two that stand in it."""


def untrue(text: str) -> Iterator[str]:
    for pattern, holds in CLAIMS.items():
        for found in re.finditer(pattern, text):
            if not holds(*found.groups()):
                yield f"{found[0]!r} in {text!r}"


def comparisons(text: str) -> int:
    return sum(len(re.findall(pattern, text)) for pattern in CLAIMS)


@dataclass(frozen=True)
class Claim:
    """An alert that could be on record, with its level and the words for it."""

    rule: Rule
    limit: Limit
    alert: Alert
    wording: Wording


@cache
def loaded(case: Case) -> tuple[tuple[Rule, ...], Wording]:
    with TemporaryDirectory() as folder:
        rules, catalogue = case.loaded(Path(folder), 1000)
    return tuple(rules), Wording(Words.load("zh-CN"), catalogue, lambda: rules)


def near(limit: Limit, *, beyond: bool) -> st.SearchStrategy[float]:
    """Values about the two limits: on them, a hair beside them, between them and far away."""
    assert limit.limit is not None
    assert limit.clear_limit is not None
    edges = [limit.limit, limit.clear_limit, (limit.limit + limit.clear_limit) / 2]
    steps = st.sampled_from([0.0, 1e-9, 4e-4, 6e-3, 0.04, 0.3, 1.0, 7.0])
    found = st.builds(
        lambda e, d, s: e + d * s, st.sampled_from(edges), steps, st.sampled_from([1, -1])
    )
    if not beyond:
        return found
    return st.builds(lambda d: limit.limit + limit.sign * max(d, 1e-9), steps)  # type: ignore[operator]


COUNTED = ("combined", "standard")


@st.composite
def notifications(draw: st.DrawFn) -> Claim:
    """Of every kind: what it saw as it fired, at its worst and last; and whatever became of it."""
    rules, wording = loaded(draw(st.sampled_from(CASES)))
    rule = rules[0]
    limit = draw(st.sampled_from(rule.limits))
    worst = fired = last = None
    if rule.kind == "state":
        worst = fired = last = float(draw(st.sampled_from([Cause.FAULT, Cause.MAINTENANCE])))
    elif limit.limit is not None:
        fired, other = draw(near(limit, beyond=True)), draw(near(limit, beyond=True))
        last = draw(near(limit, beyond=False))
        if rule.kind in COUNTED:
            fired, other = (limit.limit + draw(st.integers(1, 2)) for _ in range(2))
            last = float(max(0, round(last)))
        if isinstance(rule.signal, Trend) and rule.signal.limit is not None:
            last = draw(st.sampled_from([last, float("inf")]))
            fired, other, last = (max(value, 0.0) for value in (fired, other, last))
        worst = limit.sign * max(limit.sign * value for value in (fired, other, last))
    state = draw(st.sampled_from(State))
    alert = Alert(
        "a", "r", draw(st.sampled_from([1, 1, 1, 2])), limit.level,
        "maintenance" if rule.kind in ("state", "absence") else "pollution", "lower",
        rule.indicator or ("w21003" if rule.kind == "state" else ""), state, T0, T0 + 3000,
        None if state is State.FIRING else T0 + 60_000, worst,
        T0 + draw(st.integers(0, 9)) * 1000, last, T0 + 9000, fired_value=fired,
        data_lost=state is State.FIRING and draw(st.booleans()),
    )  # fmt: skip
    if state is State.RESOLVED and draw(st.booleans()):
        alert = replace(alert, last_value=None)
    return Claim(rule, limit, alert, wording)


def texts(claim: Claim) -> list[str]:
    """All that pages and messages say of an alert."""
    alert, wording = claim.alert, claim.wording
    said = wording.sentences(alert, T0 + 12_000)
    events = {
        State.FIRING: ["data-lost"] if alert.data_lost else ["fired"],
        State.RESOLVED: ["resolved"],
        State.WITHDRAWN: ["withdrawn"],
    }[alert.state]
    messages = [
        wording.message(alert, event, role, T0 + 12_000, ("upper",))
        for event in events
        for role in ("deputy", "officer")
    ]
    return [said.summary, said.trend, said.why, said.ends, *messages]


@settings(max_examples=examples(600), deadline=None)
@given(claim=notifications())
def test_every_comparison_is_true_of_its_own_figures(claim: Claim) -> None:
    """In every kind and state; a value that is beyond its limit is told with it."""
    for text in texts(claim):
        assert list(untrue(text)) == []
        assert not re.search(r"[{}]|\binf\b|\bnan\b|None|[一-鿿] [一-鿿]|。 |  ", text), text
    alert, summary = claim.alert, texts(claim)[0]
    exact = alert.rule_version == claim.rule.version
    if alert.state is State.FIRING and claim.rule.kind == "threshold" and exact:
        assert comparisons(summary) >= 1
        beyond = claim.limit.sign * (alert.last_value or 0) > claim.limit.sign * (
            claim.limit.limit or 0
        )
        assert bool(re.search("，[高低]于限值", summary)) == beyond


@settings(max_examples=examples(200), deadline=None)
@given(claim=notifications())
def test_a_fall_is_never_called_a_rise_and_only_values_have_a_trend(claim: Claim) -> None:
    """Nor anything normal of which nobody knows."""
    said = texts(claim)
    trend = said[1]
    if claim.alert.data_lost:
        assert "数据已中断" in trend
    elif claim.rule.kind != "threshold" or claim.alert.state is not State.FIRING:
        assert trend == ""
    wrong = "上升|升高|回落" if claim.limit.sign < 0 else "下降|回升"
    assert not re.search(wrong, trend)
    if claim.rule.kind == "threshold":
        wrong = "升高|最高" if claim.limit.sign < 0 else "最低"
        assert not any(re.search(wrong, text) for text in said)
    ended_unseen = claim.alert.state is State.RESOLVED and claim.alert.last_value is None
    if ended_unseen and claim.rule.kind != "absence" and claim.alert.rule_version == 1:
        assert not any("正常" in text for text in said)


@settings(max_examples=examples(200), deadline=None)
@given(claim=notifications())
def test_english_is_english_in_every_kind_and_state(claim: Claim) -> None:
    """No mark of the other language, and no gap where a value is empty."""
    for text in texts(replace(claim, wording=claim.wording.into("en"))):
        assert not re.search(r"[{}]|\binf\b|\bnan\b|None|[，。；：、（）]|  | [.,;)]", text), text
        assert not text or text[-1] in ".!"


def test_the_claims_are_found_where_they_are_untrue() -> None:
    """Sentences that were once told."""
    for text in (
        "高锰酸盐指数 5.98 mg/L，高于限值 6.00 mg/L，单项属Ⅲ类水质",
        "空气质量指数（AQI）130，三级轻度污染，高于 150",
        "溶解氧 2.70 mg/L，低于限值 2.00 mg/L",
        "氨氮 10 秒内变化 0.0000 mg/L，高于限值 0.8000 mg/L",
        "2 项条件中有 1 项同时成立",
        "水质为Ⅲ类，劣于应达到的Ⅲ类",
    ):
        assert list(untrue(text))
