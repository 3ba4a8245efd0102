"""A rule instance over a whole history at once: what the record would hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from alerting.alert import Alert, Transition
from alerting.evaluation.binding import Binding
from alerting.evaluation.history import alerts_of, difference, so_far
from alerting.evaluation.rule_instance import ALL, RuleInstance
from alerting.rules.conditions.run import Run, Step
from alerting.rules.conditions.signal import Instants, Readings, Values
from config.vocabulary.time import FOR_EVER_MS


def evaluated(binding: Binding, run: Run, t: Instants, value: Values, upto_ms: int) -> list[Step]:
    """The steps of a level over its signal, and over silence that is known up to ``upto_ms``."""
    steps = binding.advance(run, t, value) if len(t) else []
    return steps + binding.elapse(run, upto_ms)


def amended(
    binding: Binding,
    signal: Readings,
    known: Sequence[Alert],
    idle_ms: int | None,
    upto_ms: int,
) -> tuple[Run, list[Transition], str | None]:
    """A level evaluated again from the reading ``idle_ms`` on, at which nothing stood: where it
    stands, how the record differs from the alerts that were ``known``, and the id that stands.
    """
    t, value = signal
    first = 0 if idle_ms is None else int(np.searchsorted(t, idle_ms, "right"))
    run = Run(last=idle_ms)
    steps = evaluated(binding, run, t[first:], value[first:], upto_ms)
    alerts = so_far(run, alerts_of(binding, steps))
    changes, standing = difference(known, [replace(alert, retrospective=True) for alert in alerts])
    return run, changes, standing


def alerts_of_history(
    instance: RuleInstance,
    members: Sequence[Readings],
    upto_ms: int,
    heard_ms: int = 0,
    apart_ms: int = FOR_EVER_MS,
) -> list[Alert]:
    """The alerts of a whole good history of the members; silence is known up to ``upto_ms``, and
    is one since the station is heard, unless it is longer than ``apart_ms``: then the records of
    a time end and those of another begin.
    """
    newest = max((int(t[-1]) for t, _ in members if len(t)), default=ALL)
    after = heard_ms - 1 if instance.kind.by_silence else ALL
    t, value = instance.of_history(members, after, max(upto_ms, newest))
    if not instance.kind.by_silence:
        return alerts_of_signal(instance, (t, value), upto_ms)
    found: list[Alert] = []
    edges = [0, *(np.flatnonzero(np.diff(t) > apart_ms) + 1).tolist(), len(t)]
    for first, end in pairwise(edges):
        known_ms = upto_ms if end == len(t) else int(t[end - 1])
        found += alerts_of_signal(instance, (t[first:end], value[first:end]), known_ms)
    return found


def alerts_of_signal(instance: RuleInstance, signal: Readings, upto_ms: int) -> list[Alert]:
    """The alerts of a signal; silence is known up to ``upto_ms``."""
    t, value = signal
    found: list[Alert] = []
    for binding in instance.bindings:
        run = Run()
        found += so_far(run, alerts_of(binding, evaluated(binding, run, t, value, upto_ms)))
    return found
