"""A kind of rule: how it is written, what it computes, what it says, how it is tuned.

One object in one file of ``kinds``; the registry finds it there. This module holds what most kinds
share: an indicator's values beside limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

import msgspec
import numpy as np

from alerting.alert import About
from alerting.rules.clauses import Clauses
from alerting.rules.comparison import Seen
from alerting.rules.conditions import threshold
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step
from alerting.rules.conditions.signal import (
    EvaluationTarget,
    Instants,
    Readings,
    Signal,
    Values,
)
from alerting.rules.fields import Field, Fields
from alerting.rules.language import Language
from alerting.rules.levels import SIDED, Form
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from ingest.standards.cadences import Cadences

T = TypeVar("T", bound=RuleText)
S = TypeVar("S", bound=Signal | None)
Shape = Literal["line", "points", "steps", "ends", "lanes"]
"""A line, single points, steps from an instant on or up to one, or lanes of states."""


class Kind(Clauses, Generic[T, S]):
    """Rules that are written as a ``T`` and judge the signal ``S``; None: the readings."""

    name: ClassVar[str]
    sees: ClassVar[str]
    """Its signal, and at which ``instants`` it is known, for the docs."""
    instants: ClassVar[str]
    text: ClassVar[type[RuleText]]
    signal: ClassVar[type[Signal] | None] = None
    about: ClassVar[About] = "pollution"
    of_values: ClassVar[bool] = False
    """Whether its limits are values of the indicator, to be drawn beside its readings."""
    by_silence: ClassVar[bool] = False
    """Whether it judges the silence between the good readings of a whole station."""
    by_cause: ClassVar[bool] = False
    """Whether it judges the causes of all readings, good or not."""
    by_levels: ClassVar[bool] = False
    """Whether its signal depends on the limits of the levels."""
    lacks: ClassVar[str] = "judges nothing that the file measures"
    """Why it cannot be tried on the file of one station that is in scope."""

    # How it is written.

    @cached_property
    def keys(self) -> dict[str, bool]:
        """The keys that it has beside those of every rule, and whether it needs them."""
        common = set(RuleText.__struct_fields__)
        fields = msgspec.structs.fields(self.text)
        return {row.encode_name: row.required for row in fields if row.name not in common}

    def parse(self, text: T, where: str, faults: list[Fault]) -> S:
        """The signal of a rule as written; it holds where no fault is added."""
        raise NotImplementedError

    def written(self, signal: S, rule: Rule) -> dict[str, Any]:
        """The kind's own keys but the indicator as a document writes them; None is left out."""
        return {}

    def form_of(self, scope: Scope, signal: S) -> Form:
        """The keys that say the limit of a level."""
        return SIDED

    def most(self, signal: S) -> int:
        """The largest number that ``at_least`` of a level may ask for."""
        return 0

    def stored(self, document: Any) -> S:
        """A signal as the state database keeps it.

        Raises:
            msgspec.ValidationError: it is none of this kind.
        """
        found = None if document is None else msgspec.convert(document, cast("Any", self.signal))
        return cast("S", found)

    # What it computes.

    def of(self, rule: Rule) -> S:
        """The signal of a rule of this kind."""
        return cast("S", rule.signal)

    def form(self, rule: Rule) -> Form:
        """The keys that say the limit of its levels."""
        return self.form_of(rule.scope, self.of(rule))

    def indicators(self, rule: Rule) -> list[str]:
        """Those that a rule names."""
        return [rule.indicator] if rule.indicator else []

    def advance(
        self, limit: Limit, run: Run, t: Instants, value: Values, cadence_ms: int
    ) -> list[Step]:
        """Feed a level the signal at instants that grow, all later than those fed before."""
        return threshold.advance(limit, run, t, value, cadence_ms)

    def waits_ms(self, limit: Limit, cadence_ms: int) -> int:
        """How long a level waits before it fires."""
        return limit.for_ms

    def elapse(self, limit: Limit, run: Run, upto_ms: int, cadence_ms: int) -> list[Step]:
        """Tell a level that silence is known up to an instant."""
        return threshold.elapse(limit, run, upto_ms, cadence_ms)

    def expire(self, limit: Limit, run: Run, upto_ms: int, cadence_ms: int) -> list[Step]:
        """End a firing run where silence is known for too long."""
        return threshold.expire(limit, run, upto_ms, cadence_ms)

    # Where it fits.

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """The word ``tuning.remark-…`` for what a rule cannot see at a place, or always sees; ""
        where it sees what it should.
        """
        return self._out_of_range(rule) if self.of_values else ""

    @staticmethod
    def _out_of_range(rule: Rule) -> str:
        """Of a limit that no value can pass, or every value: others are no good readings."""
        row = INDICATORS[rule.indicator]
        for limit in rule.limits:
            assert limit.limit is not None
            least, most = sorted((limit.sign * row.low, limit.sign * row.high))
            if limit.sign * limit.limit >= most:
                return "never"
            if limit.sign * limit.limit < least:
                return "always"
        return ""

    # Beside the standard.

    def standard_limit(self, rule: Rule, target: EvaluationTarget, on: date) -> float | None:
        """The limit of the standard at a place on a date, in the unit of the rule's own; None
        where no standard limits what the rule judges.
        """
        return None

    def first_limit(self, rule: Rule, target: EvaluationTarget) -> float | None:
        """The limit of the level that is reached first, told as ``standard_limit`` is; None where
        levels have none.
        """
        limits = [row.sign * row.limit for row in rule.limits if row.limit is not None]
        return rule.limits[0].sign * min(limits) if limits else None

    # How it is tuned.

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """Add the fields of a form, in order."""

    def fields(self, rule: Rule, words: Words) -> list[Field]:
        """The fields of a form that are the kind's own."""
        found = Fields(self.written(self.of(rule), rule))
        self.gather(found, rule, words)
        return found.found

    def charted(self, rule: Rule, language: Language) -> Seen:
        """Name, unit and decimals of the chart of a rule."""
        return self.seen(rule, language)

    def value_names(self, words: Words) -> dict[int, str]:
        """Words for values that only stand for something."""
        return {}

    def shape(self, rule: Rule) -> Shape:
        """How a chart draws it."""
        return "line"

    def points(
        self,
        seen: Readings,
        from_ms: int,
        to_ms: int,
        cadences: Cadences,
    ) -> Readings:
        """The points of a chart of a signal at a place in a span."""
        t, value = seen
        rows = np.isfinite(value)
        return t[rows], value[rows]

    def measure(self, signal: S) -> object:
        """The parameters that the limits of a rule rest on; where one changes, the standard behind
        a limit no longer holds.
        """
        return None

    def mean_windows_ms(self, signal: S) -> Sequence[int]:
        """Windows of means at readings, which a long history makes expensive."""
        return ()
