"""Escalation policies, and where an event stands in its own, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerting.escalation.policy import Policy, Step, Target, step_of
from alerting.events.event import AlertEvent, EventState
from alerting.events.repository import Marks
from api.accounts.repositories.readers import Readers
from api.services import Services
from config.vocabulary.time import MINUTE_MS

EVERY_POSITION = "*"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The future of an event that nobody acknowledges: in a sentence, and when."""

    said: str
    at_ms: int | None = None


def named(services: Services, *, people: bool) -> dict[Target, str]:
    """Names of duty positions, and of people who can be told where those may be known."""
    now = services.now_ms()
    rotas = {of: calendar.rota(now) for of, calendar in services.duty.calendars().items()}
    found = {
        Target("duty", position): kept[1].name
        for position, kept in rotas.items()
        if kept and not kept[1].ended
    }
    readers = Readers(services.state, services.words.language).people(now) if people else ()
    return found | {Target("person", of.username): of.name for of in readers}


def policy_said(services: Services, policy: Policy, names: Mapping[Target, str]) -> str:
    """A policy in sentences; ``names`` are those of positions and people."""
    t = services.words
    steps = [
        t(
            "policies.said-first" if at == 0 else "policies.said-then",
            wait=services.wording.duration(step.wait_minutes * MINUTE_MS),
            who=targets_said(services, step.targets, names),
        )
        for at, step in enumerate(policy.steps)
    ]
    about = t(f"policies.about-{policy.about}")
    level = t(f"level.{policy.least}")
    said = t("policies.said", about=about, level=level, steps=t.clauses(steps))
    return said + t("policies.said-end", n=policy.rounds)


def targets_said(
    services: Services, targets: Iterable[Target], names: Mapping[Target, str]
) -> str:
    """Those whom a step asks."""
    return services.words.listed(_target(services, target, names) for target in targets)


def _target(services: Services, target: Target, names: Mapping[Target, str]) -> str:
    t = services.words
    if target.kind == "person":
        return names.get(target, t("policies.somebody"))
    if target.kind == "role":
        return t(f"role.{target.name}")
    if target.name == EVERY_POSITION:
        return t("policies.every-position")
    return t("policies.position", name=names.get(target, target.name))


def ahead(
    services: Services,
    event: AlertEvent,
    marks: Marks,
    policies: Mapping[str, Policy],
    names: Mapping[Target, str],
) -> Ahead | None:
    """The future of an event; None where it is over. Of people only those are named whose
    ``names`` are given.
    """
    t = services.words
    if event.state is not EventState.STANDING:
        return None
    if marks.taken_by:
        return Ahead(t("events.ahead-taken", who=marks.taken_by))
    policy = policies.get(event.policy)
    if policy is None:
        return Ahead(t("events.ahead-told" if event.known_level else "events.ahead-untold"))
    if event.step_ms is None:
        return Ahead(t("events.ahead-nobody"))
    step = step_of(event, policy)
    if step is None:
        return Ahead(t("events.ahead-end"), event.step_ms)
    return Ahead(_step(services, event, policy, step, names), event.step_ms)


def _step(
    services: Services,
    event: AlertEvent,
    policy: Policy,
    step: Step,
    names: Mapping[Target, str],
) -> str:
    return services.words(
        "events.ahead-step",
        n=event.step + 1,
        of=len(policy.steps) * policy.rounds,
        who=targets_said(services, step.targets, names),
    )
