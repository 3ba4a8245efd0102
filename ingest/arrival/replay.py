"""A dead letter's second chance: through the intake like anything else, under a boot of its own.

Its own seq is settled for ever; a fresh boot is new to the ledger. Readings that the store has
already are recognised by their instant and dropped there, so a replay that is repeated harms
nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from config.vocabulary import topics, wire
from config.vocabulary.errors import Refused
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Message, Taken
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import JournalFull
from ingest.journal.refusal import Chosen, Letter, Outcome, OutOfReach, Refusal

TOGETHER = 100
"""Letters that are settled at once; what arrives meanwhile waits for as long."""
MOST = 500
"""Letters that are replayed or removed by one request."""


@dataclass(slots=True)
class Replay:
    """Letters are sent again under one boot, which only they use."""

    site: str
    boot: str = field(default_factory=lambda: uuid.uuid4().hex)
    _last: dict[str, int] = field(default_factory=dict)
    """By station the last seq that was given."""

    def message_of(
        self, refusal: Refusal, *, body: bytes | None = None, station: str | None = None
    ) -> Message:
        """The next to be sent; ``body`` and ``station`` where they were mended.

        Raises:
            Refused: the letter does not say whose it was, or holds nothing.
        """
        try:
            address = topics.parse_topic(refusal.topic)
            kind = address.kind
        except wire.Malformed:
            address, kind = None, "readings"
        of = station or (address.station if address else "")
        content = refusal.payload if body is None else body
        if not of or kind == "status" or not content:
            what = "holds no sample, or came on a topic that names none"
            remedy = "name its station with --station and its content with --body"
            raise Refused(f"letter {refusal.id}", what, remedy)
        first = last = self._last.get(of, 0) + 1
        topic = topics.readings_topic(self.site, of, self.boot, first)
        if kind == "history":
            content, last = _renumbered(content, first)
            topic = topics.history_topic(self.site, of, self.boot, first, last)
        self._last[of] = last
        return Message(topic, content, imported=True)


def _renumbered(content: bytes, first: int) -> tuple[bytes, int]:
    """A batch whose seqs begin at ``first``, and the last of them: a hole would count as loss.
    What cannot be read is refused again as it is.
    """
    try:
        batch = wire.decode_history(content)
    except wire.Malformed:
        return content, first
    seqs = list(range(first, first + len(batch.s)))
    renumbered = msgspec.structs.replace(batch, s=seqs, o=1)
    return msgspec.json.encode(renumbered), max(seqs, default=first)


def replay(
    refusals: Sequence[Refusal],
    messages: Sequence[Message],
    committer: Committer,
    deadletters: DeadLetters,
) -> tuple[Taken, int]:
    """Take them in; the letters go once that is in the journal, so many. What is refused again has
    become a letter of its own, with its new reason.

    Raises:
        JournalFull: not all was taken, and the letters stay.
    """
    taken = committer.take(messages)
    return taken, deadletters.remove_replayed(refusals)


@dataclass(frozen=True, slots=True)
class LocalDeadLetters:
    """The dead letters where core and pages are one process."""

    deadletters: DeadLetters
    committer: Committer
    site: str

    def listed(self, chosen: Chosen, most: int) -> list[Letter]:
        """The newest of those that are meant."""
        return self.deadletters.listed(chosen, most)

    def forget(self, chosen: Chosen) -> Outcome:
        """Remove the oldest ``MOST`` of those that are meant."""
        return Outcome(letters=self.deadletters.remove(chosen, MOST))

    def replay(self, chosen: Chosen) -> Outcome:
        """Send the oldest ``MOST`` of those that are meant through the intake once more.

        Raises:
            OutOfReach: the disk is full; those that were not taken stay.
        """
        found = self.deadletters.listed(chosen, MOST, oldest_first=True)
        sent, left = self._messages([letter.refusal for letter in found])
        letters = readings = again = 0
        for at in range(0, len(sent), TOGETHER):
            some = sent[at : at + TOGETHER]
            refusals, messages = [one for one, _ in some], [message for _, message in some]
            try:
                taken, gone = replay(refusals, messages, self.committer, self.deadletters)
            except JournalFull as error:
                raise OutOfReach(str(error)) from error
            letters += gone
            readings += len(taken.columns)
            again += len(taken.refused)
        return Outcome(letters, readings, again, left)

    def _messages(self, refusals: Sequence[Refusal]) -> tuple[list[tuple[Refusal, Message]], int]:
        sending, sent = Replay(self.site), list[tuple[Refusal, Message]]()
        for refusal in refusals:
            with suppress(Refused):
                sent.append((refusal, sending.message_of(refusal)))
        return sent, len(refusals) - len(sent)
