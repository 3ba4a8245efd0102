"""The form of an escalation policy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, cast, get_args

import msgspec
from pydantic import BaseModel, Field

from alerting.alert import About
from alerting.escalation.policy import LEVELS, Policy, Step, Target
from api.web.forms import MOST_ID, NotAccepted, Typed
from config.vocabulary.errors import Fault

MOST_STEPS, MOST_TARGETS, LONGEST_WAIT = 8, 10, 1440
ROLES: Mapping[str, Target] = {
    "officer": Target("role", "officer"),
    "deputy": Target("role", "deputy"),
    "duty": Target("duty", "*"),
}
"""Those whom a step may ask by one tick."""
_ID = re.compile("[a-z][a-z0-9-]{0,39}")
_APART = re.compile("[、，,;；\\s]+")
Lines = Annotated[list[Typed], Field(max_length=MOST_STEPS)]


class Written(BaseModel):
    """The form as it was sent. Of each step there is one of ``wait``, ``people`` and
    ``positions``; ``asks`` has the ticks, as number of the step and role. ``revision`` is the one
    that was on the page, 0: none was.
    """

    id: Typed = ""
    name: Typed = ""
    about: Typed = "pollution"
    least: Typed = "alarm"
    rounds: Typed = "1"
    order: Typed = "100"
    wait: Lines = []
    people: Lines = []
    positions: Lines = []
    asks: Annotated[list[Typed], Field(max_length=100)] = []
    revision: Annotated[int, Field(ge=0, le=MOST_ID)] = 0
    do: Literal["save", "preview"] = "save"

    @classmethod
    def of(cls, policy: Policy, revision: int) -> Written:
        """A policy as its form shows it."""
        steps = policy.steps
        return cls(
            id=policy.id,
            name=policy.name,
            about=policy.about,
            least=policy.least,
            rounds=str(policy.rounds),
            order=str(policy.rank),
            wait=[str(step.wait_minutes) for step in steps],
            people=["、".join(_names(step, "person")) for step in steps],
            positions=["、".join(_names(step, "duty")) for step in steps],
            asks=[
                f"{at}-{name}"
                for at, step in enumerate(steps)
                for name, target in ROLES.items()
                if target in step.targets
            ],
            revision=revision,
        )

    def policy(self, names: Mapping[Target, str]) -> Policy:
        """The policy that it gives; ``names`` are of positions, and of people who can be told.

        Raises:
            NotAccepted: a value does not hold.
        """
        if not _ID.fullmatch(self.id):
            raise NotAccepted(Fault("id", f"{self.id!r} is none", "see its pattern"), "id")
        if not 0 < len(self.name.strip()) <= 60 or "\0" in self.name:
            raise NotAccepted(Fault("name", "is missing or too long", "write 60 at most"), "name")
        if self.about not in get_args(About) or self.least not in LEVELS:
            raise NotAccepted(Fault("least", "is no kind or level", "choose one"), "least")
        steps = tuple(self._steps(names))
        if not steps:
            raise NotAccepted(Fault("steps", "is empty", "write one at least"), "steps")
        return Policy(
            self.id,
            self.name.strip(),
            cast(About, self.about),
            self.least,
            steps,
            _number("rounds", self.rounds, 1, 10),
            _number("order", self.order, 0, 1000),
        )

    def _steps(self, names: Mapping[Target, str]) -> Iterator[Step]:
        for at, wait in enumerate(self.wait):
            if not wait.strip():
                continue
            minutes = _number(f"wait-{at}", wait, 1, LONGEST_WAIT, "wait")
            targets = tuple(dict.fromkeys(self._targets(at, names)))
            if not 0 < len(targets) <= MOST_TARGETS:
                fault = Fault(f"asks-{at}", f"has {len(targets)} targets", "give 1 to 10")
                raise NotAccepted(fault, "targets")
            yield Step(minutes, targets)

    def _targets(self, at: int, names: Mapping[Target, str]) -> Iterator[Target]:
        for name, target in ROLES.items():
            if f"{at}-{name}" in self.asks:
                yield target
        for given in _apart(self.people, at):
            yield _meant(f"people-{at}", "person", given, names)
        for given in _apart(self.positions, at):
            yield _meant(f"positions-{at}", "duty", given, names)


def checked(policy: Policy, names: Mapping[Target, str]) -> None:
    """Whether all persons of a policy can be told, and all its positions are kept.

    Raises:
        NotAccepted
    """
    for at, step in enumerate(policy.steps):
        for name in _names(step, "person"):
            _meant(f"people-{at}", "person", name, names)
        for name in _names(step, "duty"):
            _meant(f"positions-{at}", "duty", name, names)


def document(policy: Policy) -> str:
    """A policy as JSON."""
    return msgspec.json.encode(policy).decode()


def _names(step: Step, kind: str) -> list[str]:
    return [of.name for of in step.targets if of.kind == kind and of.name != "*"]


def _apart(lines: Sequence[str], at: int) -> list[str]:
    return [of for of in _APART.split(lines[at]) if of] if at < len(lines) else []


def _meant(
    where: str, kind: Literal["person", "duty"], given: str, names: Mapping[Target, str]
) -> Target:
    """The person or position of this id, or of this name where no other has it."""
    exact = Target(kind, given[:40])
    found = [of for of, name in names.items() if of.kind == kind and name == given]
    if exact in names:
        return exact
    if len(found) != 1:
        who = "nobody who can be told" if kind == "person" else "no position of duty"
        fault = Fault(where, f"{given!r} is {who}", "write its id")
        raise NotAccepted(fault, "person" if kind == "person" else "position", name=given)
    return found[0]


def _number(where: str, given: str, least: int, most: int, key: str = "") -> int:
    found = int(given) if given.strip().isdecimal() and len(given) < 10 else -1
    if not least <= found <= most:
        fault = Fault(where, f"{given!r} is out of range", f"give {least} to {most}")
        raise NotAccepted(fault, key or where)
    return found
