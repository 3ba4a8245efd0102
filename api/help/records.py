"""Guides and terms of the help, in order; their words lie in ``words``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.catalogue.words import Words

EVERYBODY = "everybody"
"""The guide of whoever has signed in."""
_QUOTED = re.compile(r"\[([a-z0-9.-]+)\]")


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a role does: the key of its words, the platform and the page where it begins,
    and the name of a picture, empty: none.
    """

    name: str
    platform: str
    path: str
    picture: str = ""


GUIDES: Mapping[str, tuple[Task, ...]] = {
    "deputy": (
        Task("waiting", "workbench", "/", "workbench"),
        Task("alerts", "environment", "/environment/", "event"),
        Task("suggestion", "duty", "/duty/suggestions/new", "suggestion-form"),
        Task("rating", "duty", "/duty/suggestions"),
        Task("meetings", "duty", "/duty/meetings", "meetings"),
        Task("surveys", "duty", "/duty/my-surveys"),
        Task("money", "budget", "/budget/", "money"),
        Task("record", "duty", "/duty/records"),
    ),
    "officer": (
        Task("review", "environment", "/environment/alerts", "alert"),
        Task("readings", "environment", "/environment/"),
        Task("rules", "environment", "/environment/rules", "rule"),
        Task("silences", "environment", "/environment/silences"),
        Task("duty", "environment", "/environment/duty"),
        Task("deliveries", "environment", "/environment/deliveries"),
        Task("operations", "environment", "/environment/operations", "operations"),
        Task("reports", "reports", "/reports/"),
    ),
    "handler": (
        Task("contact", "duty", "/duty/suggestions"),
        Task("reply", "duty", "/duty/suggestions", "suggestion"),
        Task("promises", "duty", "/duty/promises", "promises"),
        Task("findings", "budget", "/budget/findings"),
        Task("cases", "cases", "/cases/questions"),
        Task("advice", "judicial", "/judicial/advice"),
        Task("filings", "documents", "/documents/filings", "filings"),
        Task("exchange", "exchange", "/exchange/"),
    ),
    "clerk": (
        Task("suggestions", "duty", "/duty/suggestions", "suggestions"),
        Task("meetings", "duty", "/duty/meetings/convened"),
        Task("surveys", "duty", "/duty/surveys"),
        Task("imports", "imports", "/imports/", "imports"),
        Task("findings", "budget", "/budget/findings", "findings"),
        Task("filings", "documents", "/documents/filings"),
        Task("cases", "cases", "/cases/", "case"),
        Task("acting", "duty", "/acting"),
    ),
    "supervisor": (
        Task("releases", "duty", "/duty/releases"),
        Task("statistics", "duty", "/duty/statistics", "statistics"),
        Task("findings", "budget", "/budget/findings"),
        Task("cases", "cases", "/cases/", "case"),
        Task("reviews", "documents", "/documents/reviews", "reviews"),
        Task("draws", "judicial", "/judicial/draws"),
        Task("terms", "deadlines", "/deadlines/rules"),
        Task("wall", "wall", "/wall/"),
    ),
    "auditor": (
        Task("audit", "administration", "/administration/audit"),
        Task("export", "administration", "/administration/audit"),
        Task("sign-ins", "administration", "/administration/sign-ins"),
        Task("people", "administration", "/administration/people"),
        Task("loads", "imports", "/imports/"),
    ),
    "administrator": (
        Task("newcomer", "administration", "/administration/people/new", "newcomer"),
        Task("importing", "administration", "/administration/imports"),
        Task("roles", "administration", "/administration/people", "person"),
        Task("reset", "administration", "/administration/people"),
        Task("delegation", "administration", "/administration/people"),
        Task("units", "administration", "/administration/units"),
        Task("tokens", "administration", "/administration/tokens"),
        Task("operations", "environment", "/environment/operations"),
    ),
    EVERYBODY: (
        Task("search", "search", "/search/"),
        Task("notices", "notifications", "/notifications/wishes"),
        Task("factor", "account", "/account/second-factor"),
        Task("type", "account", "/account/display"),
        Task("terms", "deadlines", "/deadlines/"),
    ),
}
"""By role, in the order of a working day; what they may do beside that is said by their rights."""

TERMS: Mapping[str, tuple[str, ...]] = {
    "environment": (
        *("event", "level", "seen", "review", "standing", "class", "single-class", "multiple"),
        *("validity", "flag", "late", "sample", "silence"),
    ),
    "work": ("deadline", "lamp", "procedure", "secrecy", "acting", "factor"),
    "duty": ("lead", "in-charge", "promise", "ballot"),
    "budget": ("finding", "indicator"),
    "judicial": ("low-count", "draw"),
    "documents": ("filing", "hit", "suspended"),
    "cases": ("case", "join", "strike-off"),
}
"""Words of the pages that are not everybody's, by where they are met."""


def steps(words: Words, guide: str, task: Task) -> Iterator[str]:
    """Lines of a task. A name of a button or page stands there as its key in brackets, and is put
    as the pages say it: it cannot grow old.
    """
    for line in words(f"help.{guide}.{task.name}-steps").splitlines():
        yield _QUOTED.sub(lambda key: words("help.quoted", text=words(key[1])), line)
