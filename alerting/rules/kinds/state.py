"""State: a sensor is in an operation state for longer than it should be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, ClassVar

import numpy as np
from msgspec import Meta

from alerting.rules.clauses import NOTHING
from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.signal import ANY, EvaluationTarget, Readings, Signal, Values
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind, Shape
from alerting.rules.language import Language
from alerting.rules.levels import NONE, Form
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Cause
from ingest.standards.cadences import Cadences


class State(Signal, frozen=True, tag="state"):
    """The number of a reading's cause where it is one of ``states``, and 0 elsewhere. Neither a
    failed read tells of a state, nor a reading at an instant that is doubted.
    """

    of_each_indicator: ClassVar[bool] = True

    states: tuple[int, ...]

    @property
    def lookback_ms(self) -> int:
        """Its own reading alone."""
        return 0

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """All readings of the indicator, good or not."""
        return (target.series(target.indicator) + ANY,)

    def compute(
        self,
        target: EvaluationTarget,
        members: Sequence[Readings],
        after_ms: int,
        until_ms: int,
    ) -> Readings:
        """At readings."""
        t, cause = members[0]
        first, end = np.searchsorted(t, (after_ms, until_ms), "right")
        signal = _signals(self.states)[cause[first:end].astype(np.intp)]
        told = ~np.isnan(signal)
        return t[first:end][told], signal[told]


@cache
def _signals(states: tuple[int, ...]) -> Values:
    """By the number of a cause what a reading with it shows; NaN where it tells of no state."""
    cause = np.arange(256)
    told = (cause < Cause.TIMEOUT) | (cause >= Cause.RANGE) & (cause != Cause.CLOCK)
    return np.where(told, np.where(np.isin(cause, states), cause, 0.0), np.nan)


KNOWN = {cause.name.lower(): cause for cause in Cause if 0 < cause < Cause.TIMEOUT}
"""In which an instrument may be."""
USUAL = (
    "calibration", "maintenance", "stopped", "fault", "supplies_out", "no_sample", "unknown_state",
    "purge", "power_failure",
)  # fmt: skip
"""In which an instrument measures nothing."""


class StateText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str | None = None
    states: Annotated[list[str], Meta(min_length=1)] | None = None


class StateKind(Kind[StateText, State]):
    """Of each sensor, or of the one that is named."""

    name = "state"
    sees = "the operation state of a sensor"
    instants = "readings, good or not"
    text = StateText
    signal = State
    about = "maintenance"
    by_cause = True
    compares = False
    lacks = "looks at operation states, of which a file does not tell"

    def parse(self, text: StateText, where: str, faults: list[Fault]) -> State:
        """The states."""
        states = text.states or USUAL
        for name in states:
            if name not in KNOWN:
                remedy = f"use one of {', '.join(KNOWN)}"
                faults.append(Fault(f"{where}.states", f"unknown state {name!r}", remedy))
        return State(states=tuple(int(KNOWN[name]) for name in states if name in KNOWN))

    def written(self, signal: State, rule: Rule) -> dict[str, Any]:
        """The states."""
        return {"states": [Cause(state).name.lower() for state in signal.states]}

    def form_of(self, scope: Scope, signal: State) -> Form:
        """Its levels say how long."""
        return NONE

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """The states."""
        options = {name: named(words, cause) for name, cause in KNOWN.items()}
        fields.add("states", "several", words("tuning.look-states"), options=options)

    def subject(self, rule: Rule, language: Language) -> str:
        """The states."""
        return language.words.listed(
            named(language.words, state) for state in self.of(rule).states
        )

    def charted(self, rule: Rule, language: Language) -> Seen:
        """A lane has a name of its own."""
        return NOTHING

    def value_names(self, words: Words) -> dict[int, str]:
        """The states."""
        return {int(cause): named(words, cause) for cause in KNOWN.values()}

    def shape(self, rule: Rule) -> Shape:
        """A lane an instrument."""
        return "lanes"

    def points(self, seen: Readings, from_ms: int, to_ms: int, cadences: Cadences) -> Readings:
        """Where a state begins and ends."""
        t, value = seen
        rows = np.isfinite(value) & (np.diff(value, prepend=np.nan) != 0)
        return t[rows], value[rows]

    def compared(self, case: Case, value: float) -> str:
        """While it stands the state that was seen last, afterwards that of its firing."""
        alert = case.alert
        seen = alert.last_value if case.stands else alert.fired_value
        state = next((of for of in (seen, alert.peak) if of), 0.0)
        return case.words(
            "alert.state" if case.stands else "alert.state-over",
            indicator=case.words.indicators[alert.indicator].name,
            state=named(case.words, state),
            duration=case.language.duration(case.limit.for_ms),
        )

    def asked(self, case: Case) -> str:
        """The state at firing."""
        return case.words(
            "alert.asks-state",
            indicator=case.words.indicators[case.alert.indicator].name,
            state=named(case.words, case.alert.fired_value or case.alert.peak or 0.0),
        )

    def why(self, case: Case, **values: str) -> str:
        """How long it was in a state."""
        return case.words("alert.why-state", **values, asked=self.asked(case))

    def ends(self, case: Case) -> str:
        """Another state."""
        return case.words("alert.ends-state")

    def over(self, case: Case) -> str:
        """The instrument that measures again."""
        row = case.words.indicators.get(case.alert.indicator)
        return case.words("message.over-state", indicator=row.name if row else "")


def named(words: Words, state: float) -> str:
    """The name of a state."""
    return words(f"cause.{Cause(int(state)).name.lower().replace('_', '-')}")


KIND = StateKind()
