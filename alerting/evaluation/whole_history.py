"""A rule instance over a whole history at once: what the record would hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from alerting.alert import Alert
from alerting.evaluation.binding import Binding
from alerting.evaluation.history import alerts_of, so_far
from alerting.evaluation.rule_instance import ALL, RuleInstance
from alerting.rules.conditions.run import Run, Step
from alerting.rules.conditions.signal import Instants, Readings, Values


def evaluated(binding: Binding, run: Run, t: Instants, value: Values, upto_ms: int) -> list[Step]:
    """The steps of a level over its signal, and over silence that is known up to ``upto_ms``."""
    steps = binding.advance(run, t, value) if len(t) else []
    return steps + binding.elapse(run, upto_ms)


def alerts_of_history(
    instance: RuleInstance, members: Sequence[Readings], upto_ms: int
) -> list[Alert]:
    """The alerts of a whole good history of the members; silence is known up to ``upto_ms``."""
    newest = max((int(t[-1]) for t, _ in members if len(t)), default=ALL)
    return alerts_of_signal(
        instance, instance.of_history(members, ALL, max(upto_ms, newest)), upto_ms
    )


def alerts_of_signal(instance: RuleInstance, signal: Readings, upto_ms: int) -> list[Alert]:
    """The alerts of a signal; silence is known up to ``upto_ms``."""
    t, value = signal
    found: list[Alert] = []
    for binding in instance.bindings:
        run = Run()
        found += so_far(run, alerts_of(binding, evaluated(binding, run, t, value, upto_ms)))
    return found
