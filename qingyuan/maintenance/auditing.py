"""Commands in the audit: by whom one was given, for what, and where it did not end well."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from config.vocabulary.errors import QingyuanError

if TYPE_CHECKING:
    from ingest.state.database import State
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line, Task

BY = "by"
"""Among the options of a task: who gave the command, which the core does for them."""
_UNSAID = {BY, "body"}
MOST_OF_SUBJECT, MOST_OF_DETAIL = 100, 2000


def audited(name: str, task: Task, subject: str) -> Task:
    """An admin task whose row enters before it begins; another one, where it does not end well.
    ``subject`` is the option that says what it is about.
    """

    def recorded(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
        from api.audit import OPERATOR

        # The core hears by whom; beside none the command is its own, and its options stay theirs.
        state, by = resources.shared.state, str(options.get(BY, OPERATOR.who))
        about = f"{name} {_listed(options[subject])}"
        said = {of: value for of, value in options.items() if value and of not in _UNSAID}
        leave(state, by, "command.given", about, json.dumps(said, ensure_ascii=False))
        try:
            for line in task(resources, options):
                if line.status:
                    leave(state, by, "command.failed", about, line.text)
                yield line
        except (QingyuanError, OSError) as error:
            leave(state, by, "command.failed", about, str(error))
            raise

    return recorded


def leave(state: State, by: str, action: str, subject: str, detail: str) -> None:
    """Write a row of its own."""
    from api import audit
    from qingyuan.runtime.site import now_ms

    with state.begin() as connection:
        audit.record(
            connection,
            by=audit.Actor(by),
            action=action,
            subject=subject[:MOST_OF_SUBJECT],
            detail=detail[:MOST_OF_DETAIL],
            at_ms=now_ms(),
        )


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
