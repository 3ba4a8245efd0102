"""Terms in plain words."""

from __future__ import annotations

from api.ports import Todo
from api.workbench.records import days_left
from config.catalogue.words import Words


def term(words: Words, todo: Todo, now_ms: int) -> str:
    """How long there is time; empty without a term."""
    if todo.due_ms is None:
        return ""
    left = days_left(todo.due_ms, now_ms)
    if left < 0 and todo.lamp == "unconfirmed":
        said = words("workbench.ended", n=-left)
    elif left < 0:
        said = words("workbench.overdue", n=-left)
    else:
        said = words("workbench.left", n=left) if left else words("workbench.today")
    return f"{said}{words('workbench.unconfirmed')}" if todo.lamp == "unconfirmed" else said
