"""The page around the page: person, site, menu, and what the platform adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.accounts.records import Account
from api.hints.repository import Hints
from api.services import Services
from api.shape import Entry, Platform
from api.web.rendering import link
from config.vocabulary.time import MINUTE_MS

OFFICER = "officer"
"""The role of those who see to it that messages arrive."""
WAITS_LONG_MS = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the menu as a page shows it; ``count`` is of what waits there."""

    words: str
    href: str
    icon: str
    here: bool
    count: int = 0


def frame(request: Request, services: Services, account: Account) -> dict[str, Any]:
    """Values that every page of the platform that was asked shares."""
    platform: Platform = request.state.platform
    own = platform.frame(services, account)
    at = request.url.path.removeprefix(link(request, ""))
    counts = own.get("counts", {})
    return {
        "undelivered": OFFICER in account.roles and _undelivered(services),
        "account": account,
        "acting": account.name if account.clerk else "",
        "may": account.may,
        "permission": {one.name: one for one in platform.permissions},
        "site": services.catalogue.site,
        "menu": [
            Line(
                entry.words,
                link(request, entry.path),
                entry.icon,
                _is_here(entry, at),
                counts.get(entry.path, 0),
            )
            for entry in platform.menu
            if _open(account, entry)
        ],
        "platforms": [
            Line(f"{other.slug}.title", first, "", other is platform)
            for other in request.app.state.roster
            if (first := entrance(account, other)) and not other.beside
        ],
        "drafts": [
            (kind.words, f"{other.address}{kind.form}")
            for other in request.app.state.roster
            for kind in other.drafts
            if kind.form and kind.permission and account.may(kind.permission)
        ],
        "role_names": services.words.listed(
            services.roles.by_id[role].said(services.words) for role in account.roles
        ),
        "events": [
            event.name
            for other in request.app.state.roster
            if other is platform or other.beside
            for event in other.live
        ],
        "hint": _hint(services, account, platform.slug) if at == "/" else "",
        "unread": 0 if account.clerk else services.messages.unread(account.username),
        **own,
    }


def _hint(services: Services, account: Account, name: str) -> str:
    """The name of the hint that the person has not closed; empty: there is none."""
    if account.clerk or account.session is None:
        return ""
    return name if Hints(services.state).stands(account.username, name) else ""


def _undelivered(services: Services) -> bool:
    """Whether messages may not reach people now: the core is silent, a channel fails on and on, or
    a message waits for long. Open pages share the answer a moment.
    """
    centre = services.centre
    if centre.silent or any(of.circuit == "open" for of in centre.channels):
        return True
    since = services.shared.get(
        ("waiting",), services.moment, lambda: services.messages.waiting()[1]
    )
    return since is not None and services.now_ms() - since > WAITS_LONG_MS


def entrance(account: Account, platform: Platform) -> str:
    """The address of the first page of a platform that an account may open; empty: of none."""
    for entry in platform.menu:
        if _open(account, entry):
            return f"{platform.address}{entry.path}"
    return ""


def _open(account: Account, entry: Entry) -> bool:
    return entry.permission is None or account.may(entry.permission)


def _is_here(entry: Entry, path: str) -> bool:
    below = entry.below if entry.path == "/" else (entry.path, *entry.below)
    return path == entry.path or path.startswith(below)
