"""Dead letters, through the intake once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from config.vocabulary.errors import Refused

if TYPE_CHECKING:
    from ingest.journal.deadletters import DeadLetters, Refusal
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line


ALL = 1 << 62


def one(deadletters: DeadLetters, name: str) -> Refusal:
    """A refusal by its id.

    Raises:
        Refused: there is none.
    """
    found = [refusal for refusal in deadletters.newest(ALL) if refusal.id == name]
    if not found:
        raise Refused(f"letter {name}", "is not there", "see qingyuan deadletters list")
    return found[0]


def replayed(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: each dead letter through the intake once more.

    Raises:
        Refused: one body for several dead letters.
    """
    from ingest.arrival.replay import message_of, replay
    from qingyuan.runtime.tasks import Line

    ids, body, station = options["ids"], options["body"], options["station"]
    if body is not None and len(ids) > 1:
        raise Refused("--body", "is the content of one letter", "replay the others by themselves")
    deadletters, site = resources.deadletters, resources.shared.catalogue.site.id
    found = [one(deadletters, name) for name in ids]
    mended = body.encode() if body is not None else None
    messages = [message_of(refusal, site, body=mended, station=station) for refusal in found]
    refused = 0
    for refusal, message in zip(found, messages, strict=True):
        taken = replay(refusal, message, resources.committer, deadletters)
        yield Line(f"{refusal.id}  {len(taken.columns)} readings are journaled")
        for again in taken.refused:
            yield Line(f"{refusal.id}  refused again as {again.id}: {again.reason}")
        refused += len(taken.refused)
    yield Line(status=1 if refused else 0)
