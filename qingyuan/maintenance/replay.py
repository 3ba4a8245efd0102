"""Dead letters of the core: for the command that mends one, and for pages of another process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from config.vocabulary.errors import Refused

if TYPE_CHECKING:
    from ingest.arrival.replay import LocalDeadLetters
    from ingest.journal.deadletters import DeadLetters
    from ingest.journal.refusal import Chosen, Letter, Outcome, Refusal
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line


def one(deadletters: DeadLetters, name: str) -> Refusal:
    """A refusal by its id.

    Raises:
        Refused: there is none.
    """
    from ingest.journal.refusal import Chosen

    found = deadletters.listed(Chosen(ids=(name,)))
    if not found:
        raise Refused(f"letter {name}", "is not there", "see qingyuan deadletters list")
    return found[0].refusal


def replayed(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: each dead letter through the intake once more.

    Raises:
        Refused: one body for several dead letters.
    """
    from ingest.arrival.replay import Replay, replay
    from qingyuan.runtime.tasks import Line

    ids, body, station = options["ids"], options["body"], options["station"]
    if body is not None and len(ids) > 1:
        raise Refused("--body", "is the content of one letter", "replay the others by themselves")
    deadletters, sending = resources.deadletters, Replay(resources.shared.catalogue.site.id)
    found = [one(deadletters, name) for name in ids]
    mended = body.encode() if body is not None else None
    messages = [sending.message_of(refusal, body=mended, station=station) for refusal in found]
    refused = 0
    for refusal, message in zip(found, messages, strict=True):
        taken, _ = replay([refusal], [message], resources.committer, deadletters)
        yield Line(f"{refusal.id}  {len(taken.columns)} readings are journaled")
        for again in taken.refused:
            yield Line(f"{refusal.id}  refused again as {again.id}: {again.details}")
        refused += len(taken.refused)
    yield Line(status=1 if refused else 0)


def local(resources: SiteResources) -> LocalDeadLetters:
    """The dead letters of this process."""
    from ingest.arrival.replay import LocalDeadLetters

    site = resources.shared.catalogue.site.id
    return LocalDeadLetters(resources.deadletters, resources.committer, site)


def served(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: one call of ``RemoteDeadLetters``, its answer as JSON."""
    from ingest.journal.refusal import Chosen
    from qingyuan.runtime.tasks import Line

    here, chosen = local(resources), msgspec.convert(options["chosen"], Chosen)
    answer: object
    match options["call"]:
        case "replay":
            answer = here.replay(chosen)
        case "forget":
            answer = here.forget(chosen)
        case _:
            answer = here.listed(chosen, options["most"])
    yield Line(msgspec.json.encode(answer).decode(), status=0)


class RemoteDeadLetters:
    """The dead letters of a core that is a process of its own on this machine."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def listed(self, chosen: Chosen, most: int) -> list[Letter]:
        """The newest of those that are meant.

        Raises:
            OutOfReach: the core does not answer.
        """
        from ingest.journal.refusal import Letter

        return msgspec.json.decode(self._asked("listed", chosen, most), type=list[Letter])

    def replay(self, chosen: Chosen) -> Outcome:
        """Send the oldest of those that are meant through the intake once more.

        Raises:
            OutOfReach: the core does not answer, or could not take all.
        """
        from ingest.journal.refusal import Outcome

        return msgspec.json.decode(self._asked("replay", chosen), type=Outcome)

    def forget(self, chosen: Chosen) -> Outcome:
        """Remove the oldest of those that are meant.

        Raises:
            OutOfReach: the core does not answer.
        """
        from ingest.journal.refusal import Outcome

        return msgspec.json.decode(self._asked("forget", chosen), type=Outcome)

    def _asked(self, call: str, chosen: Chosen, most: int = 0) -> str:
        from ingest.journal.refusal import OutOfReach
        from qingyuan.runtime.admin import asked

        options = {"call": call, "chosen": msgspec.to_builtins(chosen), "most": most}
        try:
            lines = asked(self._data_dir, "dead-letters", options)
            last = list(lines)[-1] if lines is not None else None
        except (Refused, OSError) as error:  # its control file may be another user's
            raise OutOfReach(str(error)) from error
        if last is None or last.status != 0:
            remedy = "start it on this machine, and name its data_dir as core_data_dir"
            raise OutOfReach(last.text if last else f"no core listens; {remedy}")
        return last.text
