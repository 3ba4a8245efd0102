"""A library of documents from a seed."""

from __future__ import annotations

import random

from simulators.documents.closing import close
from simulators.documents.drafting import drafts
from simulators.documents.earlier import earlier
from simulators.documents.layout import lay_out
from simulators.documents.planting import expired, plant
from simulators.documents.records import Document, Label, Library, Succession

_WORD = (3, 1)
"""One document of three is a Word file."""
_EARLIER = (5, 2)
"""One of five has an earlier version."""
FEWEST = 10


def library(seed: int, documents: int = 80) -> Library:
    """So many documents with their labels.

    Args:
        seed: anything it is the same for, on every machine.
        documents: from 10 on; each kind is planted in about one of seven.

    Raises:
        ValueError: fewer documents than that.
    """
    if documents < FEWEST:
        raise ValueError(f"documents: at least {FEWEST} are needed")

    def chance(of: str) -> random.Random:
        return random.Random(f"{seed}/{documents}/{of}")

    old = expired(documents, chance("expired"))
    drafted = drafts(documents, old, chance("drafts"))
    plant(drafted, old, chance("plants"))
    made: list[Document] = []
    former: list[Document] = []
    labels: list[Label] = []
    successions: list[Succession] = []
    for draft in drafted:
        drawn = chance(f"document {draft.at}")
        close(draft, drawn)
        word = ("typed", "automatic")[draft.at // 3 % 2] if draft.at % _WORD[0] == _WORD[1] else ""
        file = f"document-{draft.at + 1:03}.{'docx' if word else 'md'}"
        one, labels_of = lay_out(draft, file, word, drawn)
        made.append(one)
        labels += labels_of
        if draft.at % _EARLIER[0] == _EARLIER[1]:
            version, became = earlier(one, labels_of, drawn)
            former.append(version)
            successions += became
    return Library(tuple(made), tuple(former), tuple(successions), tuple(labels))
