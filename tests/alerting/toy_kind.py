"""A kind of rule that the product does not have: how far a value lies from a middle, up or down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from alerting.rules.comparison import Seen
from alerting.rules.conditions.signal import EvaluationTarget, Readings, Signal
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind
from alerting.rules.language import Language
from alerting.rules.registry import KINDS
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS

WORDS = {
    "toy.seen": "{indicator}与 {middle} 的距离",
    "toy.middle": "中间值",
    "tuning.kind-toy": "偏离中间",
}
DOCUMENT = """
[[rule]]
id = "apart"
name = "酸碱度偏离"
kind = "toy"
indicator = "w01001"
middle = 7.5
stations = { id = "tonglv-jinsha" }
reason = "r"
[[rule.level]]
level = "alarm"
above = 1.0
"""


class Distance(Signal, frozen=True, tag="toy"):
    middle: float

    @property
    def lookback_ms(self) -> int:
        return 0

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        t, value = members[0]
        rows = (t > after_ms) & (t <= until_ms)
        return t[rows], np.round(np.abs(value[rows] - self.middle), 9)


class ToyText(RuleText, frozen=True, kw_only=True):
    indicator: str
    middle: float


class Toy(Kind[ToyText, Distance]):
    name = "toy"
    sees = "how far the value lies from `middle`"
    instants = "readings"
    text = ToyText
    signal = Distance

    def parse(self, text: ToyText, where: str, faults: list[Fault]) -> Distance:
        if text.middle < 0:
            faults.append(Fault(f"{where}.middle", "is negative", "write 7.5"))
        return Distance(text.middle)

    def written(self, signal: Distance, rule: Rule) -> dict[str, Any]:
        return {"middle": signal.middle}

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        fields.add("middle", "number", words("toy.middle"))

    def seen(self, rule: Rule, language: Language) -> Seen:
        row = INDICATORS[rule.indicator]
        middle = f"{self.of(rule).middle:g}"
        name = language.words("toy.seen", indicator=row.name, middle=middle)
        return Seen(name, row.unit, row.decimals)


@contextmanager
def registered(words: Words) -> Iterator[None]:
    """The toy is a kind like others, and its words are in the catalogue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "toy", Toy())
        for key, text in WORDS.items():
            patch.setitem(words.texts, key, text)  # type: ignore[call-overload]
        yield
