"""Rows of the audit as people read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from api.accounts.repositories.people import People
from api.accounts.sign_in import MACHINE
from api.administration.audit_trail import repository
from api.audit import CENTRE, CONSOLE, ROWS_A_SLICE, Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = (
    *("id", "at", "who", "who-name", "on-behalf", "on-behalf-name"),
    *("action", "action-name", "subject", "detail", "position"),
)
HEADS = Heads(
    "administration.audit.column", COLUMNS, {"id": "count", "at": "instant", "position": "count"}
)
MOST_SHOWN = 4000
"""Characters of a detail."""
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with names and words; ``deputy`` is empty where nobody was acted for."""

    row: Row
    who: str
    deputy: str
    action: str
    detail: str


def filters(services: Services, actions: Iterable[str]) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    named = sorted((named_action(t, of), of) for of in actions)
    every = ("", t("administration.audit.every-action"))
    options = [every, *((of, name) for name, of in named)]
    return [("action", t("administration.audit.action"), options)]


def named_action(words: Words, action: str) -> str:
    """An action in words; as it was written where it has none any more."""
    known = f"audit.action.{action}" in words.texts
    return words(f"audit.action.{action}") if known else action


def lines(services: Services, rows: Iterable[Row]) -> list[Line]:
    """Rows with names and words."""
    found, t = list(rows), services.words
    names = _names(services, {name for row in found for name in (row.who, row.on_behalf)})
    return [
        Line(
            row,
            _called(names, row.who),
            _called(names, row.on_behalf) if row.on_behalf else "",
            named_action(t, row.action),
            _laid_out(row.detail),
        )
        for row in found
    ]


def table(services: Services, rows: Iterator[Row]) -> Sheet:
    """Rows for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("administration.audit.title"), _rows(services, rows))


def _rows(services: Services, rows: Iterator[Row]) -> Iterator[list[Value]]:
    t = services.words
    while some := list(islice(rows, ROWS_A_SLICE)):
        names = _names(services, {name for row in some for name in (row.who, row.on_behalf)})
        for row in some:
            yield [
                *(row.id, row.at_ms, row.who, names.get(row.who, "")),
                *(row.on_behalf, names.get(row.on_behalf, "") if row.on_behalf else ""),
                *(row.action, named_action(t, row.action), row.subject, row.detail),
                row.position,
            ]


def _names(services: Services, usernames: Iterable[str]) -> Mapping[str, str]:
    """Names of people and of machines, and of who has no account."""
    t, asked = services.words, sorted(usernames)
    ids = [int(end) for of in asked if (end := of.removeprefix(MACHINE)) != of and end.isdecimal()]
    machines = repository.token_names(services.state, ids)
    return {
        CENTRE.who: t("administration.audit.centre"),
        **{of: t("administration.audit.console") for of in asked if of.startswith(CONSOLE)},
        **People(services.state).names(asked),
        **{f"{MACHINE}{of}": name for of, name in machines.items()},
    }


def _called(names: Mapping[str, str], username: str) -> str:
    name = names.get(username, "")
    return f"{name}（{username}）" if name and username else name or username


def _laid_out(detail: str) -> str:
    """JSON on several lines, anything else as it is."""
    try:
        found = json.loads(detail)
    except ValueError:
        return detail[:MOST_SHOWN]
    return json.dumps(found, ensure_ascii=False, indent=1)[:MOST_SHOWN]
