"""The index of everything visible: put, remove, find."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import fields, replace
from typing import TypeVar

import msgspec
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.ports import Reference
from api.search.blocks import ENTRIES
from api.search.folding import fold, words_of
from api.search.records import LONGEST, Asked, Entry, Found, Hit, KindOf, Piece
from api.search.repository import Candidate, Kept, Repository, slices
from api.search.snippets import best, marked, snippet
from ingest.state.database import State

__all__ = ["LONGEST", "Asked", "Entry", "Found", "Hit", "Piece", "SearchIndex"]

K = TypeVar("K", bound=Hashable)
COUNTED = 1000
"""Hits that are counted, ranked and paged through; of more the last ones written."""
RANKED = 200
"""Among so many the one that says it more often comes first; then the newer one."""


class SearchIndex:
    """Things of every platform, found by whoever sees them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._kept = Repository(state)

    def put(self, connection: Connection, entry: Entry) -> None:
        """Keep a thing, in the transaction that writes it, as it is found from now on; what was
        there of it goes. One that is there in the same words and marks costs next to nothing.

        Raises:
            ValueError: it has more than ``LONGEST`` characters.
        """
        entry = _cleaned(entry)
        if _length(entry) > LONGEST:
            raise ValueError(f"an entry has at most {LONGEST} characters: put it in parts")
        digest = _digest(entry)
        known, before = self._kept.known(connection, entry.subject, entry.part)
        if before == digest:
            return
        if known:
            self._kept.remove(connection, known)
        text = [fold(of) for of in (entry.title, *entry.paragraphs)]
        self._kept.add(connection, entry, digest, text)

    def remove(self, connection: Connection, subject: Reference, part: str = "") -> None:
        """A thing is found no more; nothing where it was not there."""
        known, _ = self._kept.known(connection, subject, part)
        if known:
            self._kept.remove(connection, known)

    def put_all(self, entries: Iterable[Entry]) -> int:
        """Keep many, in slices; how many of them were new or other than before."""
        changed = 0
        for some in slices(entries, _length):
            with self.state.read() as connection:
                fresh = [of for of in some if not self._is_kept(connection, _cleaned(of))]
            if fresh:
                with self.state.begin() as connection:
                    for entry in fresh:
                        self.put(connection, entry)
            if (changed + len(fresh)) // ENTRIES > changed // ENTRIES:
                self.complete()
            changed += len(fresh)
        return changed

    def count(self, platform: str) -> int:
        """How many entries a platform has."""
        with self.state.read() as connection:
            return self._kept.count(connection, platform)

    def empty(self, platform: str) -> None:
        """Forget all of a platform, in slices."""
        self._kept.empty(platform)

    def complete(self) -> int:
        """Derive from the texts what makes them quick to find, where enough have come; of how many
        entries. Before it they are found as well, by reading them.
        """
        return self._kept.complete()

    def found(self, account: Account, asked: Asked, first: int = 0, most: int = 20) -> Found:
        """Things that somebody sees and that have every word, in title or text: those with all in
        the title first, then those that have them more often, then the newest.
        """
        words = words_of(asked.text)
        if not words:
            return Found()
        with self.state.read() as connection:
            self._kept.freeze(connection)
            titled, whole = self._kept.having(connection, account, asked, words, COUNTED + 1)
            bounded = max(len(titled), len(whole)) > COUNTED
            every = {of.id: of for of in (*titled, *whole)}
            ranked = self._ranked(connection, every, {of.id for of in titled}, words)[:COUNTED]
            bounded = bounded or len(every) > COUNTED
            shown = ranked[first : first + most]
            texts = self._kept.texts(connection, [of.id for of in shown])
        return Found(
            hits=[_hit(of, texts[of.id], words) for of in shown if of.id in texts],
            total=len(ranked),
            bounded=bounded,
            platforms=_counted(ranked, lambda of: of.platform),
            kinds=_counted(ranked, lambda of: KindOf(of.platform, of.kind, of.words)),
        )

    def _ranked(
        self,
        connection: Connection,
        every: dict[int, Candidate],
        titled: set[int],
        words: Sequence[str],
    ) -> list[Candidate]:
        newest = sorted(every.values(), key=lambda of: (of.id not in titled, -of.at_ms, -of.id))
        counts = self._kept.counts(connection, [of.id for of in newest[:RANKED]], words)
        return sorted(newest, key=lambda of: (of.id not in titled, -counts.get(of.id, 0)))

    def _is_kept(self, connection: Connection, entry: Entry) -> bool:
        _, digest = self._kept.known(connection, entry.subject, entry.part)
        return digest == _digest(entry)


def _length(entry: Entry) -> int:
    return len(entry.title) + sum(map(len, entry.paragraphs))


def _counted(found: Iterable[Candidate], key: Callable[[Candidate], K]) -> dict[K, int]:
    return dict(Counter(map(key, found)).most_common())


def _hit(candidate: Candidate, kept: Kept, words: Sequence[str]) -> Hit:
    at = best(kept.folded, words)
    paragraph = kept.paragraphs.split("\n")[at - 1 if at else 0]
    return Hit(
        kept.subject,
        kept.part,
        candidate.words,
        kept.title,
        kept.path,
        marked(kept.title, words),
        snippet(paragraph, words),
        at or None,
        candidate.at_ms,
    )


def _cleaned(entry: Entry) -> Entry:
    """Without line ends inside of lines, and without what no database takes."""
    paragraphs = tuple(map(_line, entry.paragraphs))
    return replace(entry, title=_line(entry.title), paragraphs=paragraphs)


def _line(text: str) -> str:
    plain = text.encode(errors="ignore").decode().replace("\0", "")
    return " ".join(plain.split())


def _digest(entry: Entry) -> str:
    sets = ("concerned", "people")
    values = (*(getattr(entry, of.name) for of in fields(entry) if of.name not in sets),)
    # Without people as before there were any: what was kept then is not put anew for that alone.
    named = [sorted(entry.people)] if entry.people else []
    body = msgspec.json.encode((values, sorted(entry.concerned), *named))
    return hashlib.blake2b(body, digest_size=16).hexdigest()
