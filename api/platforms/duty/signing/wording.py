"""Who was asked to sign, and who signed which text, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.duty.signing.records import Signature
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in the list of signers; ``at_ms`` is when they signed or declined."""

    name: str
    said: str
    tone: str
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class SigningPart:
    """The signatures to a thing as somebody sees them: whether deputies still sign, the own
    signature, everybody who was asked, how many hold, and whom the reader may ask: names by
    username.
    """

    text_hash: str
    open: bool
    own: Signature | None
    lines: Sequence[Line]
    valid: int
    invitable: Mapping[str, str]

    @property
    def wanted(self) -> bool:
        """Whether the own signature is waited for."""
        own = self.own
        return self.open and own is not None and not own.valid and own.state != "declined"


def lines(
    words: Words, signatures: Sequence[Signature], names: Mapping[str, str]
) -> Sequence[Line]:
    """Everybody who was asked, in that order."""
    return [_line(words, of, names.get(of.username, of.username)) for of in signatures]


def _line(words: Words, of: Signature, name: str) -> Line:
    known = "stale" if of.state == "signed" and not of.valid else of.state
    tone = {"signed": "green", "stale": "orange"}.get(known, "gray")
    signed = of.signed if of.state == "signed" and of.signed else name
    return Line(signed, words(f"duty.signing.state-{known}"), tone, of.at_ms)
