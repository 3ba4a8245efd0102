"""The reasons for which a step is not taken: an error each, for people in the row's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.accounts.roles import Role
from api.deadlines.records import NotInForce
from api.procedures.events import Event
from api.procedures.procedure import WITHDRAW, Procedure, Step
from api.web.declared import Declared
from config.catalogue.words import Words


class StepRefused(Declared):
    """A step that is not taken now."""

    status = 409

    def wrong(self, _words: Words) -> Mapping[str, str]:
        """The words of each field that stands against it."""
        return {}


class UnknownThing(StepRefused):
    """There is no such thing that the account may see."""

    status = 404
    words = "error.unknown"


class UnknownStep(StepRefused):
    """The procedure has no such step."""

    status = 404
    words = "procedures.refused-unknown"

    def __init__(self, procedure: Procedure, name: str) -> None:
        known = [step.name for step in procedure.steps if step.sources]
        super().__init__(f"there is no step {name[:40]}; take one of {known}", steps=known)


class NotFromHere(StepRefused):
    """The thing is in another state than the step leads on from."""

    words = "procedures.refused-state"

    def __init__(self, procedure: Procedure, step: Step, state: str) -> None:
        super().__init__(
            f"step {step.name} leads on from {list(step.sources)}, and the state is {state}",
            step=step.name,
            state=state,
            sources=list(step.sources),
            steps=[one.name for one in procedure.following(state)],
        )
        self.procedure, self.step, self.state = procedure, step, state

    def said(self, words: Words) -> str:
        """With the names of step and states."""
        of = self.procedure.words
        return words(
            self.words,
            step=words(f"{of}.step-{self.step.name}"),
            state=words(f"{of}.state-{self.state}"),
            states=words.listed(words(f"{of}.state-{name}") for name in self.step.sources),
        )


class NotYours(StepRefused):
    """Others take the step: the holders of its permission, for the thing's unit."""

    status = 403
    words = "procedures.refused-permission"

    def __init__(
        self, procedure: Procedure, step: Step, roles: Sequence[Role], *, has: bool
    ) -> None:
        which = "for this thing " if has else ""
        super().__init__(
            f"step {step.name} asks for permission {step.permission}, which is missing {which}",
            step=step.name,
            permission=step.permission,
            roles=[role.id for role in roles],
        )
        self.procedure, self.step, self.roles, self.has = procedure, step, roles, has

    def said(self, words: Words) -> str:
        """With who may; whoever has the permission elsewhere is told that it ends before."""
        return words(
            "procedures.refused-unit" if self.has else self.words,
            step=words(f"{self.procedure.words}.step-{self.step.name}"),
            roles=words.listed(role.said(words) for role in self.roles),
        )


class NotByHand(StepRefused):
    """The centre takes the step by itself, and no person."""

    status = 403
    words = "procedures.refused-automatic"

    def __init__(self, procedure: Procedure, step: Step) -> None:
        super().__init__(f"step {step.name} is taken by the centre alone", step=step.name)
        self.procedure, self.step = procedure, step

    def said(self, words: Words) -> str:
        """With the name of the step."""
        return words(self.words, step=words(f"{self.procedure.words}.step-{self.step.name}"))


class NotThePerson(StepRefused):
    """One person alone takes the step."""

    status = 403
    words = "procedures.refused-person"

    def __init__(self, procedure: Procedure, step: Step, name: str) -> None:
        super().__init__(f"step {step.name} is taken by one person alone", step=step.name)
        self.procedure, self.step, self.name = procedure, step, name

    def said(self, words: Words) -> str:
        """With the person's name."""
        step = words(f"{self.procedure.words}.step-{self.step.name}")
        return words(self.words, step=step, who=self.name)


class NotTheSamePerson(StepRefused):
    """Two people are needed, and the account was the first of them."""

    status = 403
    words = "procedures.refused-same-person"

    def __init__(self, procedure: Procedure, step: Step) -> None:
        super().__init__(f"step {step.name} is taken by a second person", step=step.name)
        self.procedure, self.step = procedure, step

    def said(self, words: Words) -> str:
        """With the name of the step."""
        return words(self.words, step=words(f"{self.procedure.words}.step-{self.step.name}"))


class NotAllowed(StepRefused):
    """The platform's own rule stands against it."""

    def __init__(self, procedure: Procedure, step: Step, against: str) -> None:
        detail = f"step {step.name} is not taken: {against}"
        super().__init__(detail, step=step.name, against=against)
        self.key = f"{procedure.words}.against-{against}"

    def said(self, words: Words) -> str:
        """The platform's words."""
        return words(self.key)


@dataclass(frozen=True, slots=True)
class Lack:
    """A need that is not met: its fault and remedy for programs, and the end of the words."""

    need: str
    fault: str
    remedy: str
    key: str
    values: Mapping[str, object]


class Incomplete(StepRefused):
    """Needs of the step are not met; all of them at once."""

    status = 422
    words = "procedures.refused-needs"

    def __init__(self, procedure: Procedure, step: Step, lacks: Sequence[Lack]) -> None:
        faults = [{"field": of.need, "fault": of.fault, "remedy": of.remedy} for of in lacks]
        told = "; ".join(f"{of.need} {of.fault}: {of.remedy}" for of in lacks)
        super().__init__(f"step {step.name}: {told}", step=step.name, faults=faults)
        self.procedure, self.step, self.lacks = procedure, step, lacks

    def wrong(self, words: Words) -> Mapping[str, str]:
        """The words of each field."""
        return {of.need: words(f"procedures.need-{of.key}", **of.values) for of in self.lacks}

    def said(self, words: Words) -> str:
        """With the names of the fields."""
        named = self.procedure.words
        known = {need.name for need in self.step.needs}
        fields = (
            f"{words(f'{named}.need-{of.need}') if of.need in known else of.need}"
            f" {words(f'procedures.need-{of.key}', **of.values)}"
            for of in self.lacks
        )
        step = words(f"{named}.step-{self.step.name}")
        return words(self.words, step=step, fields=words.clauses(fields))


class TermNotInForce(StepRefused):
    """The step would start a term on a day on which its rule is not in force."""

    status = 422
    words = "procedures.refused-term"

    def __init__(self, procedure: Procedure, step: Step, refused: NotInForce) -> None:
        super().__init__(f"step {step.name}: {refused}", step=step.name)
        self.procedure, self.step, self.refused = procedure, step, refused

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At the day on which it happened, where the step asks for that."""
        return {self.step.happened: self._why(words)} if self.step.happened else {}

    def said(self, words: Words) -> str:
        """With the rule, the day and its bound."""
        step = words(f"{self.procedure.words}.step-{self.step.name}")
        return words(self.words, step=step, why=self._why(words))

    def _why(self, words: Words) -> str:
        return words(f"deadlines.wrong-{self.refused.key}", **self.refused.values)


class ChangedMeanwhile(StepRefused):
    """Somebody was first: the thing is not as it was when the page was read."""

    words = "procedures.refused-changed"

    def __init__(self, procedure: Procedure, last: Event) -> None:
        super().__init__(
            f"{last.signed} took step {last.step} meanwhile; read the thing again",
            version=last.number,
            state=last.to_state,
        )
        self.procedure, self.last = procedure, last

    def said(self, words: Words) -> str:
        """With who did what."""
        if self.last.step == WITHDRAW:
            done = words("procedures.withdrawal")
        else:
            done = words(f"{self.procedure.words}.done-{self.last.step}")
        return words(self.words, who=self.last.signed, done=done)


class NotWithdrawn(StepRefused):
    """The last step stands: ``key`` says why."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(detail, why=key)
        self.key = key

    def said(self, words: Words) -> str:
        """With the reason."""
        return words(f"procedures.stands-{self.key}")
