"""Absence: no good reading of a station for a time.

It begins at the last good reading and fires as soon as silence is known for longer than ``for``
and 2.5 cadences of the time, so that a station of few readings with some jitter is not missed
between two of them; the next good reading resolves it. A station that never spoke has no beginning
and no alert.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step, episode
from alerting.rules.conditions.signal import EvaluationTarget, Instants, Readings, Values
from alerting.rules.conditions.threshold import CADENCES_OF_A_GAP
from alerting.rules.kind import Kind, Shape
from alerting.rules.language import Language
from alerting.rules.levels import NONE, Form
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.vocabulary.errors import Fault
from config.vocabulary.time import MINUTE_MS
from ingest.standards.cadences import Cadences


class AbsenceKind(Kind[RuleText, None]):
    """Of a whole station."""

    name = "absence"
    sees = "none: the silence between the good readings of a station"
    instants = "readings of any indicator"
    text = RuleText
    about = "maintenance"
    by_silence = True

    def parse(self, text: RuleText, where: str, faults: list[Fault]) -> None:
        """It has no keys of its own."""

    def form_of(self, scope: Scope, signal: None) -> Form:
        """Its levels say how long."""
        return NONE

    def advance(
        self,
        limit: Limit,
        run: Run,
        t: Instants,
        value: Values,
        cadence_ms: int,
    ) -> list[Step]:
        """Feed instants of good readings."""
        if run.fired is None and run.last is not None:
            gaps = np.diff(t, prepend=run.last)
            if not np.any(gaps > self.waits_ms(limit, cadence_ms)):
                run.last = int(t[-1])
                return []
        steps: list[Step] = []
        for at in t.tolist():
            steps += self.elapse(limit, run, at, cadence_ms)
            if run.fired is not None:
                steps.append(Step("resolved", at, episode(run, at), None))
                run.idle()
            run.last = at
        return steps

    def waits_ms(self, limit: Limit, cadence_ms: int) -> int:
        """``for``, and no less than 2.5 cadences."""
        return max(limit.for_ms, math.ceil(CADENCES_OF_A_GAP * cadence_ms))

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where it waits for longer than it says."""
        cadence_ms = target.station.cadence_ms
        early = any(self.waits_ms(limit, cadence_ms) > limit.for_ms for limit in rule.limits)
        return "waits" if early else ""

    def elapse(
        self,
        limit: Limit,
        run: Run,
        upto_ms: int,
        cadence_ms: int,
    ) -> list[Step]:
        """Silence is known up to an instant."""
        waits_ms = self.waits_ms(limit, cadence_ms)
        if run.fired is not None or run.last is None or upto_ms - run.last <= waits_ms:
            return []
        run.began = run.last
        run.fired = run.last + waits_ms
        return [Step("fired", run.fired, episode(run), None)]

    def expire(
        self,
        limit: Limit,
        run: Run,
        upto_ms: int,
        cadence_ms: int,
    ) -> list[Step]:
        """Silence does not end it."""
        return []

    def charted(self, rule: Rule, language: Language) -> Seen:
        """Silences in minutes."""
        return Seen(language.words("tuning.silence"), language.words("tuning.unit-m"), 0)

    def subject(self, rule: Rule, language: Language) -> str:
        """Silence."""
        return self.charted(rule, language).name

    def shape(self, rule: Rule) -> Shape:
        """A step a silence."""
        return "steps"

    def points(self, seen: Readings, from_ms: int, to_ms: int, cadences: Cadences) -> Readings:
        """Silences as steps in minutes: each as high as it is long, from the reading before it to
        the one after it.
        """
        t = seen[0]
        ends = np.append(t[1:], to_ms)[: len(t)]
        rows = (ends - t > CADENCES_OF_A_GAP * cadences.at(t)) & (ends > from_ms)
        minutes = np.round((ends - t)[rows] / MINUTE_MS, 1)
        at: NDArray[np.int64] = np.column_stack([np.maximum(t[rows], from_ms), ends[rows]])
        return at.ravel(), np.column_stack([minutes, np.zeros(len(minutes))]).ravel()

    def waited_ms(self, case: Case) -> int:
        """As long as the cadence asked, which is on record by when it fired."""
        return max(case.limit.for_ms, case.alert.fired_ms - case.alert.began_ms)

    def why(self, case: Case, **values: str) -> str:
        """How long it was silent."""
        return case.words("alert.why-absent", **values)

    def ends(self, case: Case) -> str:
        """A good reading."""
        return case.words("alert.ends-absent")

    def over(self, case: Case) -> str:
        """The silence."""
        return case.words("message.over-absence")


KIND = AbsenceKind()
