"""A dead letter's second chance: through the intake like anything else, under a boot of its own.

Its own seq is settled for ever; a fresh boot is new to the ledger. What the store has already is
recognised by its instant and dropped there, so a replay that is repeated harms nothing.
"""

from __future__ import annotations

import uuid

import msgspec

from config.vocabulary import topics, wire
from config.vocabulary.errors import Refused
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Message, Taken
from ingest.journal.deadletters import DeadLetters, Refusal


def message_of(refusal: Refusal, site: str, *, body: bytes | None, station: str | None) -> Message:
    """What is sent again; ``body`` and ``station`` where they were mended.

    Raises:
        Refused: the letter does not say whose it was.
    """
    try:
        address = topics.parse_topic(refusal.topic)
        kind = address.kind
    except wire.Malformed:
        address, kind = None, "readings"
    of = station or (address.station if address else "")
    if not of or kind == "status":
        remedy = "name its station with --station and its content with --body"
        raise Refused(f"letter {refusal.id}", "came on a topic that names no sample", remedy)
    boot, content = uuid.uuid4().hex, refusal.payload if body is None else body
    if kind != "history":
        return Message(topics.readings_topic(site, of, boot, 1), content, imported=True)
    content, last = _renumbered(content)
    return Message(topics.history_topic(site, of, boot, 1, last), content, imported=True)


def _renumbered(content: bytes) -> tuple[bytes, int]:
    """A batch whose seqs begin at 1, and the last of them: a fresh boot that began elsewhere would
    have lost what it never had. What cannot be read is refused again as it is.
    """
    try:
        batch = wire.decode_history(content)
    except wire.Malformed:
        return content, 1
    seqs = list(range(1, len(batch.s) + 1))
    return msgspec.json.encode(msgspec.structs.replace(batch, s=seqs, o=1)), max(len(seqs), 1)


def replay(
    refusal: Refusal, message: Message, committer: Committer, deadletters: DeadLetters
) -> Taken:
    """Take it in; the letter goes once that is in the journal. What is refused again has become a
    letter of its own, with its new reason.

    Raises:
        JournalFull: nothing was taken, and the letter stays.
    """
    taken = committer.take([message])
    deadletters.remove(refusal)
    return taken
