"""Changes of the record cut into transactions that keep nobody waiting for long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerting.alert import State, Transition

MOST_TRANSITIONS = 100
"""Amendments in one transaction: other writers wait for it."""


def in_slices(amended: Iterable[Sequence[Transition]]) -> list[list[Transition]]:
    """Amendments of rule instances as they are written one transaction after the other; at least
    one, which may be empty. Those of an instance are parted only where they are too many, and then
    the standing ones come first: people wait for them.
    """
    slices: list[list[Transition]] = [[]]
    for transitions in amended:
        if len(slices[-1]) + len(transitions) > MOST_TRANSITIONS:
            slices.append([])
        if len(transitions) > MOST_TRANSITIONS:
            ordered = sorted(transitions, key=lambda of: of.alert.state is not State.FIRING)
        else:
            ordered = list(transitions)
        for transition in ordered:
            if len(slices[-1]) == MOST_TRANSITIONS:
                slices.append([])
            slices[-1].append(transition)
    return [of for of in slices if of] or [[]]
