"""Escalation: steps of persons, duty positions and roles, each with a wait. Pure.

An event that is told begins a round of the first policy that fits it. A graver level begins a new
round. Acknowledging stops the steps of one's own role; an officer who takes the event stops all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from msgspec import Meta, Struct

from alerting.alert import About, Alert
from alerting.events.event import AlertEvent, EventState, Notice, NoticeKind
from config.vocabulary.time import MINUTE_MS

TargetKind = Literal["person", "duty", "role"]
LevelName = Literal["notice", "warning", "alarm", "critical"]
LEVELS: dict[LevelName, int] = {"notice": 1, "warning": 2, "alarm": 3, "critical": 4}


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """Those to be asked: a username, a duty position's id, or a role."""

    kind: TargetKind
    name: Annotated[str, Meta(min_length=1, max_length=40)]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """Those to be asked ``wait_minutes`` after the step before, or after the event was told."""

    wait_minutes: Annotated[int, Meta(ge=1, le=1440)]
    targets: Annotated[tuple[Target, ...], Meta(min_length=1, max_length=10)]


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """The steps for events of a kind from a level on. After the last one the steps begin again
    until there were so many ``rounds``; then it is on record that nobody answered.
    """

    id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    about: About
    least: LevelName
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=8)]
    rounds: Annotated[int, Meta(ge=1, le=10)] = 1
    rank: Annotated[int, Meta(ge=0, le=1000)] = 100
    """Of several that fit the one with the lowest is taken."""
    retired: bool = False


SHIPPED = (
    Policy(
        "grave-pollution",
        "重大污染无人确认",
        "pollution",
        "alarm",
        (
            Step(60, (Target("duty", "*"), Target("role", "officer"))),
            Step(60, (Target("role", "officer"),)),
        ),
    ),
)
"""In force until somebody saves another one of the same id. A duty of ``*`` is every position."""


def chosen(policies: Iterable[Policy], about: About, level: int) -> Policy | None:
    """The policy for an event."""
    fitting = [
        policy
        for policy in policies
        if not policy.retired and policy.about == about and level >= LEVELS[policy.least]
    ]
    return min(fitting, key=lambda policy: (policy.rank, policy.id), default=None)


def begun(event: AlertEvent, policies: Iterable[Policy], now_ms: int) -> AlertEvent:
    """An event of which the beginning or a rise is told now, in a new round: with the steps of
    the policy that fits it now, if any does.
    """
    event = replace(event, round=event.round + 1, round_ms=now_ms, step=0)
    policy = chosen(policies, event.about, event.known_level)
    if policy is None:
        return replace(event, policy="", step_ms=None)
    due_ms = now_ms + policy.steps[0].wait_minutes * MINUTE_MS
    return replace(event, policy=policy.id, step_ms=due_ms)


def step_of(event: AlertEvent, policy: Policy) -> Step | None:
    """The step that comes next; None where all of every round were taken. The steps of further
    rounds go on counting.
    """
    every = len(policy.steps)
    return policy.steps[event.step % every] if event.step < every * policy.rounds else None


def stepped(event: AlertEvent, policy: Policy, now_ms: int) -> AlertEvent:
    """The event after its step that is due was taken: the next one waits, or the end does."""
    following = replace(event, step=event.step + 1)
    step = step_of(following, policy) or policy.steps[-1]
    return replace(following, step_ms=now_ms + step.wait_minutes * MINUTE_MS)


def is_due(event: AlertEvent, now_ms: int) -> bool:
    """Whether the next step of an event that stands is to be taken."""
    standing = event.state is EventState.STANDING
    return standing and event.step_ms is not None and event.step_ms <= now_ms


def asked(step: Step, positions: Mapping[str, str], roles: Mapping[str, str]) -> set[str]:
    """The readers whom a step asks. ``positions`` gives by position who is on duty, ``roles`` the
    role of every reader there is.
    """
    names: set[str] = set()
    for target in step.targets:
        if target.kind == "person":
            names.add(target.name)
        elif target.kind == "duty":
            names |= {who for of, who in positions.items() if target.name in ("*", of)}
        else:
            names |= {who for who, role in roles.items() if role == target.name}
    return names & roles.keys()


def notice_of(event: AlertEvent, audible: Collection[Alert], now_ms: int) -> Notice:
    """A step as it is told, of the alerts that stand and that nobody has silenced."""
    shown = max(audible, key=lambda alert: (alert.level, alert.fired_ms, alert.id))
    stations = tuple(sorted({alert.station for alert in audible}))
    return Notice(
        event.id, NoticeKind.STEP, shown, shown.level, stations, event.times, now_ms, event.round,
        event.step,
    )  # fmt: skip
