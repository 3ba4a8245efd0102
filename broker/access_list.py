"""Who may publish and subscribe to what on the broker, and the same as mosquitto's acl_file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from config.catalogue.shapes import Catalogue
from config.vocabulary import topics

CENTRE = "centre"
"""The user of the core: it may do everything below its site."""
PAGES = "pages"
"""The user of pages that run apart from their core: it hears what browsers are told, and tells
them of changes that people make there.
"""

_MAY_SEND = ("readings/#", "history/#", "status", "health", "config/applied")
_MAY_HEAR = ("ack", "config")
_PAGES_HEAR = ("+/live", "+/health", "alerts", "platforms", "pulse")
_PAGES_SEND = ("platforms",)


def may(username: str, wants: Literal["send", "hear"], topic: str) -> bool:
    """Whether a user may publish on, or subscribe to, a topic. A station is ``{site}.{station}``
    and speaks and hears below its own topics alone.
    """
    if username == CENTRE:
        return True
    if username == PAGES:
        rest = topic.removeprefix(f"{topics.ROOT}/").split("/")[1:]
        heard = ["+" if len(rest) == 2 else rest[0], *rest[1:]] if rest else []
        known = _PAGES_HEAR if wants == "hear" else _PAGES_SEND
        return topic.startswith(topics.ROOT) and "/".join(heard) in known
    site, _, station = username.partition(".")
    own = f"{topics.ROOT}/{site}/{station}/"
    if not station or not topic.startswith(own):
        return False
    rest_of = topic.removeprefix(own)
    kinds = _MAY_SEND if wants == "send" else _MAY_HEAR
    return any(
        rest_of == kind or (kind.endswith("/#") and rest_of.startswith(kind[:-1]))
        for kind in kinds
    )


def acl(catalogue: Catalogue) -> str:
    """The rule as mosquitto's acl_file."""
    return "\n".join(_lines(catalogue)) + "\n"


def _lines(catalogue: Catalogue) -> Iterator[str]:
    site = f"{topics.ROOT}/{catalogue.site.id}"
    yield f"user {CENTRE}"
    yield f"topic readwrite {site}/#"
    yield ""
    yield f"user {PAGES}"
    yield from (f"topic read {site}/{kind}" for kind in _PAGES_HEAR)
    yield from (f"topic write {site}/{kind}" for kind in _PAGES_SEND)
    for station in catalogue.stations:
        yield ""
        yield f"user {catalogue.site.id}.{station}"
        yield from (f"topic write {site}/{station}/{kind}" for kind in _MAY_SEND)
        yield from (f"topic read {site}/{station}/{kind}" for kind in _MAY_HEAR)
