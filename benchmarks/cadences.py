"""The default rules at stations of every cadence: what was made to happen, and what was told.

    python -m benchmarks.cadences

Two stations on a river and one of air, quiet but for incidents that each cadence can see: they
last four cadences, and three hours at least. A discharge travels down the river with what marks
it as sewage; turbidity, salt and acid come alone; smoke and ozone stand over the air; and each
station is silent once. An incident is told where an officer is sent a message of one of its
alerts before it ends; its alerts are all that the rules should raise, and none begins elsewhere.
Rules on weeks of history, which a day has not, are left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from alerting.alert import Alert
from alerting.backtest.backtest import Outcome, Readings, tried
from alerting.backtest.test_series import BEGIN_MS, district
from alerting.rules import documents
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from config.vocabulary.indicators import INDICATORS, Kind
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS

Instants = NDArray[np.int64]
Values = NDArray[np.float64]

RULES = DISTRICTS.parent / "rules" / "defaults.toml"
LEFT_OUT = frozenset({"baseline", "trend", "state"})
USUAL: Mapping[Kind, Mapping[str, tuple[float, float]]] = {
    "water": {
        "w01010": (18.0, 1.0),
        "w01001": (7.6, 0.1),
        "w01009": (7.5, 0.4),
        "w01014": (520.0, 8.0),
        "w01003": (25.0, 3.0),
        "w01019": (3.2, 0.2),
        "w21003": (0.35, 0.03),
        "w21011": (0.1, 0.01),
    },
    "air": {
        "a34004": (30.0, 3.0),
        "a34002": (50.0, 5.0),
        "a21026": (8.0, 1.0),
        "a21004": (25.0, 3.0),
        "a21005": (0.6, 0.05),
        "a05024": (60.0, 8.0),
    },
}
"""Of each indicator what is usual, and by how much it swings in a day; half of that is noise."""
TRAVEL_MS = 3 * HOUR_MS
SETTLING_MS = 2 * DAY_MS
"""Behind an incident alerts of its days and windows may still begin."""


@dataclass(frozen=True)
class Incident:
    """By how much indicators change, and which rules it should bring about at which stations."""

    name: str
    changes: Mapping[str, float]
    rules: tuple[str, ...]
    travels: bool = False
    downstream: tuple[str, ...] = ()
    """Rules at the lower station alone."""


INCIDENTS: Mapping[Kind, Sequence[Incident]] = {
    "water": (
        Incident(
            "discharge",
            {"w21003": 2.6, "w01009": -3.0},
            ("ammonia-high", "sewage-signature"),
            travels=True,
            downstream=("ammonia-downstream",),
        ),
        Incident("mud", {"w01003": 300.0}, ("turbidity-jump",)),
        Incident("salt", {"w01014": 400.0}, ("conductivity-jump",)),
        Incident("acid", {"w01001": -2.2}, ("ph-low",)),
    ),
    "air": (
        Incident("smoke", {"a34004": 260.0}, ("air-quality-index", "fine-particles-high")),
        Incident("ozone", {"a05024": 260.0}, ("ozone-high",)),
    ),
}


@dataclass(frozen=True)
class Span:
    """An incident at a station, or with none of its rules a silence; UTC epoch ms, half open."""

    incident: Incident | None
    station: str
    from_ms: int
    to_ms: int

    @property
    def rules(self) -> tuple[str, ...]:
        """Those that it should bring about there."""
        if self.incident is None:
            return ("station-silent",)
        return self.incident.rules + (self.incident.downstream if self.station == "lower" else ())


@dataclass
class Made:
    """Readings of a cadence, and what was made to happen."""

    catalogue: Catalogue
    end_ms: int
    readings: dict[str, Readings] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """How many incidents happened; ``missed`` are rules at stations that raised nothing in time,
    ``untold`` incidents of which nobody heard, ``made_up`` alerts of nothing that happened.
    """

    happened: int
    missed: tuple[str, ...]
    untold: tuple[str, ...]
    made_up: tuple[str, ...]


def made(kind: Kind, cadence_ms: int, span_ms: int, seed: int) -> Made:
    """Stations of a kind, a reading a cadence with a jitter of a tenth of it, for so long."""
    random = np.random.default_rng([seed, cadence_ms])
    names = ("lower", "upper") if kind == "water" else ("air",)
    catalogue = district({name: list(USUAL[kind]) for name in names}, kind, cadence_ms)
    found = Made(catalogue, BEGIN_MS + span_ms)
    found.spans = list(_spans(kind, names, cadence_ms, span_ms))
    for name in names:
        t = _instants(random, cadence_ms, found, name)
        for code in USUAL[kind]:
            found.readings[f"{name}/{code}"] = (t, _values(random, kind, code, t, name, found))
    return found


def _spans(kind: Kind, names: Sequence[str], cadence_ms: int, span_ms: int) -> Iterator[Span]:
    """One after the other, in equal parts of the time; silence last."""
    every = INCIDENTS[kind]
    part_ms = span_ms // (len(every) + 1)
    lasting_ms = max(3 * HOUR_MS, 4 * cadence_ms)
    for at, incident in enumerate(every):
        for station in names:
            begin = BEGIN_MS + part_ms * at + part_ms // 4
            if incident.travels and station == "lower":
                begin += TRAVEL_MS
            yield Span(incident, station, begin, begin + lasting_ms)
    begin = BEGIN_MS + part_ms * len(every) + part_ms // 2
    for station in names:
        yield Span(None, station, begin, begin + lasting_ms)


def _instants(random: np.random.Generator, cadence_ms: int, found: Made, station: str) -> Instants:
    t = np.arange(BEGIN_MS, found.end_ms, cadence_ms, dtype=np.int64)
    t += (random.uniform(0, 0.1, len(t)) * cadence_ms).astype(np.int64)
    for span in found.spans:
        if span.incident is None and span.station == station:
            t = t[(t < span.from_ms) | (t >= span.to_ms)]
    return t


def _values(
    random: np.random.Generator, kind: Kind, code: str, t: Instants, station: str, found: Made
) -> Values:
    usual, swing = USUAL[kind][code]
    day: Values = np.sin((t - BEGIN_MS).astype(np.float64) * (2 * np.pi / DAY_MS))
    value: Values = usual + swing * day + random.normal(0, swing / 2, len(t)) / 2
    for span in found.spans:
        if span.incident and span.station == station and code in span.incident.changes:
            inside = (t >= span.from_ms) & (t < span.to_ms)
            value[inside] += span.incident.changes[code]
    least: Values = np.maximum(value, 0.01)
    rounded: Values = np.round(least, INDICATORS[code].decimals)
    return rounded


def rules_of(catalogue: Catalogue) -> list[Rule]:
    """The default rules, but for those on weeks of history and on states."""
    every = documents.load(RULES, catalogue, elsewhere=True)
    return [rule for rule in every if rule.kind not in LEFT_OUT]


def judged(of: Made) -> Verdict:
    """The verdict on the default rules."""
    outcome = tried(rules_of(of.catalogue), of.catalogue, of.readings.__getitem__, of.end_ms)
    missed = [
        f"{rule} at {span.station}"
        for span in of.spans
        for rule in span.rules
        if not any(map(partial(_meets, span, rule), outcome.alerts))
    ]
    untold = [_name(span) for span in of.spans if not _heard(span, outcome)]
    made_up = [
        f"{alert.rule_id} at {alert.station}"
        for alert in outcome.alerts
        if not any(map(partial(_belongs, alert), of.spans))
    ]
    return Verdict(len(of.spans), tuple(missed), tuple(untold), tuple(made_up))


def _name(span: Span) -> str:
    what = span.incident.name if span.incident else "silence"
    return f"{what} at {span.station}"


def _meets(span: Span, rule: str, alert: Alert) -> bool:
    """Whether an alert of a rule fires while something happens, or with the reading behind it."""
    there = alert.station == span.station and alert.rule_id == rule
    return there and span.from_ms <= alert.fired_ms <= span.to_ms


def _belongs(alert: Alert, span: Span) -> bool:
    """Whether an alert comes of a span: a silence's alone begins before it."""
    if alert.rule_id == "station-silent":
        return span.incident is None and _meets(span, alert.rule_id, alert)
    within = span.from_ms <= alert.began_ms <= span.to_ms + SETTLING_MS
    return span.incident is not None and alert.station == span.station and within


def _heard(span: Span, outcome: Outcome) -> bool:
    """Whether an officer heard of a span, be it with the other station of its river."""
    return any(
        span.station in notice.stations and notice.alert.rule_id in span.rules
        for heard in outcome.messages
        if heard.reader == "officer" and span.from_ms <= heard.at_ms <= span.to_ms + DAY_MS
        for notice in heard.notices
    )


WHOLE: Sequence[tuple[str, int, int]] = (
    ("a day at 1 s", 1000, DAY_MS),
    ("a month at 1 min", MINUTE_MS, 30 * DAY_MS),
    ("a year at 5 min", 5 * MINUTE_MS, 365 * DAY_MS),
    ("a year at 1 h", HOUR_MS, 365 * DAY_MS),
    ("a year at 4 h", 4 * HOUR_MS, 365 * DAY_MS),
)
KINDS: tuple[Kind, ...] = ("water", "air")


def main(seeds: Sequence[int] = range(3), show: Callable[[str], None] = print) -> None:
    """A line for each cadence and kind of station."""
    for name, cadence_ms, span_ms in WHOLE:
        for kind in KINDS:
            begun = time.process_time()
            verdicts = [judged(made(kind, cadence_ms, span_ms, seed)) for seed in seeds]
            of = sum(verdict.happened for verdict in verdicts)
            told = of - sum(len(verdict.untold) for verdict in verdicts)
            missed = sorted({each for verdict in verdicts for each in verdict.missed})
            made_up = sorted({each for verdict in verdicts for each in verdict.made_up})
            spent = time.process_time() - begun
            show(
                f"{name:17} {kind:5} told {told} of {of}; missed: {', '.join(missed) or 'none'};"
                f" made up: {', '.join(made_up) or 'none'}  ({spent:.1f} s)"
            )


if __name__ == "__main__":
    main()
