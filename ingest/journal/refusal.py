"""One thing that was refused, and which of them are meant."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from config.vocabulary.errors import QingyuanError
from config.vocabulary.refusals import Details, Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message or one reading of it that could not be kept; ``seq`` 0 where it has none."""

    received_ms: int
    topic: str
    station: str
    boot: str
    seq: int
    details: Details
    payload: bytes
    whole: bool = True
    """False where other readings of the same sample were kept."""

    @property
    def reason(self) -> Reason:
        """Without its particulars."""
        return self.details.reason

    @property
    def id(self) -> str:
        """A short name for people; the same refusal again has the same one."""
        of = f"{self.station}|{self.boot}|{self.seq}" if self.seq else self.topic
        words = "|".join((of, self.reason, *self.details.indicators, self.details.fault))
        return hashlib.blake2s(words.encode(errors="replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Refusals by any of these; all where none is given."""

    station: str | None = None
    reason: Reason | None = None
    ids: tuple[str, ...] = ()
    boot: str | None = None
    before: int | None = None
    """Only those that were entered before the one of this number."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A refusal as it is kept; numbers grow with every one that is entered."""

    n: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome for the letters that were meant."""

    letters: int = 0
    """Are no more; those that were refused again are others now."""
    readings: int = 0
    """Were journaled."""
    again: int = 0
    """Letters that were refused again."""
    left: int = 0
    """Letters that hold no sample and stay as they are."""


class OutOfReach(QingyuanError):
    """The dead letters are the core's, and it does not answer."""
