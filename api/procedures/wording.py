"""A procedure as people read it: what was done, what may be done next, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.ports import Reference
from api.procedures.events import Event, standing
from api.procedures.procedure import WITHDRAW, Need, Procedure, Step
from api.services import Services
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline; ``said`` are the values that were given, with their names."""

    at_ms: int
    title: str
    note: str
    tone: str
    said: Sequence[tuple[str, str]] = ()


def moments(
    services: Services, procedure: Procedure, subject: Reference, events: Sequence[Event]
) -> list[Moment]:
    """Everything that was done, the newest first; a step that was taken back stays, in gray."""
    valid = {event.number for event in standing(events)}
    named = _names(services, procedure, subject, events)
    return [
        _moment(services.words, procedure, event, named, valid=event.number in valid)
        for event in reversed(events)
    ]


def _moment(
    words: Words,
    procedure: Procedure,
    event: Event,
    named: Callable[[Need, str], str],
    *,
    valid: bool,
) -> Moment:
    if event.step == WITHDRAW:
        why = words("procedures.why", why=event.given["why"])
        note = words.clauses([event.signed, why])
        return Moment(event.at_ms, words("procedures.withdrawal"), note, "gray")
    step = procedure.by_name.get(event.step)
    title = words(f"{procedure.words}.done-{event.step}") if step else event.step
    note = event.signed if valid else words.clauses([event.signed, words("procedures.taken-back")])
    said = _said(words, procedure, step, event, named) if step else []
    return Moment(event.at_ms, title, note, "green" if valid else "gray", said)


def _said(
    words: Words,
    procedure: Procedure,
    step: Step,
    event: Event,
    named: Callable[[Need, str], str],
) -> list[tuple[str, str]]:
    return [
        (words(f"{procedure.words}.need-{need.name}"), named(need, event.given[need.name]))
        for need in step.needs
        if need.name in event.given
    ]


def _names(
    services: Services, procedure: Procedure, subject: Reference, events: Sequence[Event]
) -> Callable[[Need, str], str]:
    """How values are named, of units, people and files at once."""
    words = services.words
    kinds = {need.kind for step in procedure.steps for need in step.needs}
    units = (
        {of.id: words.name(of.name) for of in Units(services.state).all()}
        if "unit" in kinds
        else {}
    )
    said = {of for event in events for of in event.given.values()}
    people = People(services.state).names(sorted(said)) if "account" in kinds else {}

    papers = _papers(services, subject) if "file" in kinds else {}
    names: Mapping[str, Mapping[str, str]] = {"unit": units, "account": people, "file": papers}

    def named(need: Need, value: str) -> str:
        if need.kind == "instant":
            return value.replace("T", " ")
        if need.kind == "row" and need.known:
            return need.known(services).get(value, value)
        if need.kind == "choice" and value in need.choices:
            return words(f"{procedure.words}.{need.name}-{value}")
        return names.get(need.kind, {}).get(value, value)

    return named


@dataclass(frozen=True, slots=True)
class Field:
    """A need as a form asks for it; ``options`` are values with their names."""

    name: str
    kind: str
    label: str
    required: bool
    longest: int
    options: Sequence[tuple[str, str]]
    latest: str


def fields(
    services: Services, procedure: Procedure, subject: Reference, step: Step, today: str
) -> list[Field]:
    """The form of a step of a thing."""
    words = services.words
    return [
        Field(
            need.name,
            need.kind,
            words(f"{procedure.words}.need-{need.name}"),
            need.required,
            need.longest,
            _options(services, procedure, subject, need, today),
            today if need.name == step.happened else "",
        )
        for need in step.needs
    ]


def _options(
    services: Services, procedure: Procedure, subject: Reference, need: Need, today: str
) -> list[tuple[str, str]]:
    words = services.words
    if need.kind == "choice":
        return [(of, words(f"{procedure.words}.{need.name}-{of}")) for of in need.choices]
    if need.kind == "unit":
        units = Units(services.state).all()
        return [(of.id, words.name(of.name)) for of in units if of.span.holds(today)]
    if need.kind == "row" and need.offered:
        return list(need.offered(services).items())
    if need.kind == "account":
        people = People(services.state)
        return list(people.names(people.usernames()).items())
    return list(_papers(services, subject).items()) if need.kind == "file" else []


def _papers(services: Services, subject: Reference) -> Mapping[str, str]:
    """The files at a thing, by the id of the attachment."""
    return {str(of.id): of.title or of.name for of in files.of_subject(services, subject)}


def diagram(procedure: Procedure, words: Words) -> str:
    """The states and the steps between them as a drawing in Mermaid, from the rows."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(procedure, words))])


def _lines(procedure: Procedure, words: Words) -> Iterator[str]:
    for state in procedure.states:
        yield f'state "{words(f"{procedure.words}.state-{state.name}")}" as {_id(state.name)}'
    for step in procedure.steps:
        title = words(f"{procedure.words}.step-{step.name}")
        for source in step.sources or ("[*]",):
            yield f"{_id(source)} --> {_id(step.to or source)}: {title}"
    for state in procedure.states:
        if state.closed:
            yield f"{_id(state.name)} --> [*]"


def _id(name: str) -> str:
    return name.replace("-", "_")
