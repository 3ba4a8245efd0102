"""The states of a procedure and the steps between them as a drawing in Mermaid, from the rows."""

from __future__ import annotations

from collections.abc import Iterator

from api.procedures.procedure import Procedure
from config.catalogue.words import Words


def diagram(procedure: Procedure, words: Words) -> str:
    """The text of the drawing."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(procedure, words))])


def _lines(procedure: Procedure, words: Words) -> Iterator[str]:
    for state in procedure.states:
        yield f'state "{words(f"{procedure.words}.state-{state.name}")}" as {_id(state.name)}'
    for step in procedure.steps:
        title = words(f"{procedure.words}.step-{step.name}")
        for source in step.sources or ("[*]",):
            yield f"{_id(source)} --> {_id(step.to)}: {title}"
    for state in procedure.states:
        if state.closed:
            yield f"{_id(state.name)} --> [*]"


def _id(name: str) -> str:
    return name.replace("-", "_")
