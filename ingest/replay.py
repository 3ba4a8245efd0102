"""A dead letter's second chance: through the intake like anything else, under a boot of its own.

Its own seq is settled for ever; a fresh boot is new to the ledger. What the store has already is
recognised by its instant and dropped there, so a replay that is repeated harms nothing.
"""

from __future__ import annotations

import uuid

from config.vocabulary import wire
from config.vocabulary.errors import Refused
from ingest.deadletters import DeadLetters, Refusal
from ingest.intake import Message, Taken
from ingest.settling import Settling


def message_of(letter: Refusal, site: str, *, body: bytes | None, station: str | None) -> Message:
    """What is sent again; ``body`` and ``station`` where they were mended.

    Raises:
        Refused: the letter does not say whose it was.
    """
    try:
        address = wire.parse_topic(letter.topic)
        kind, seq = address.kind, max(letter.seq, 1)
    except wire.Malformed:
        address, kind, seq = None, "readings", 1
    of = station or (address.station if address else "")
    if not of or kind == "status":
        remedy = "name its station with --station and its content with --body"
        raise Refused(f"letter {letter.id}", "came on a topic that names no sample", remedy)
    boot = uuid.uuid4().hex
    topic = (
        wire.history_topic(site, of, boot, seq, seq)
        if kind == "history"
        else wire.readings_topic(site, of, boot, seq)
    )
    return Message(topic, letter.payload if body is None else body, imported=True)


def replay(
    letter: Refusal, message: Message, settling: Settling, deadletters: DeadLetters
) -> Taken:
    """Take it in; the letter goes once that is in the journal. What is refused again has become a
    letter of its own, with its new reason.

    Raises:
        JournalFull: nothing was taken, and the letter stays.
    """
    taken = settling.take([message])
    deadletters.remove(letter)
    return taken
