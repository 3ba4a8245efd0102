"""A provider's own codes, and what they mean for a retry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import msgspec

from alerting.channels.http import LONGEST_WHY, Answer, refusal
from alerting.channels.protocol import Later, Never

T = TypeVar("T")


def hidden(text: str, secrets: Sequence[str]) -> str:
    """The same without secrets and addresses of people, which a provider may repeat."""
    for each in filter(None, secrets):
        # Whole words alone: an address of two letters would riddle every sentence.
        word = rf"(?<!\w){re.escape(each)}(?!\w)"
        text = re.sub(word, "…", text, flags=re.ASCII | re.IGNORECASE)
    return " ".join(text.split())[:LONGEST_WHY]


def parsed(answer: Answer | Later, shape: type[T], secrets: Sequence[str]) -> T | Later:
    """A provider's answer, JSON of a shape; ``Later`` where it has none to give, or somebody else
    answers in its place.
    """
    if isinstance(answer, Later):
        return answer
    if answer.status != 429 and answer.status < 500:
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
    words = hidden(answer.body.decode(errors="replace"), [*answer.secrets, *secrets])
    refused = refusal(replace(answer, body=words.encode()))
    if refused is None:
        return Later(f"{answer.status} without an answer of the provider's form")
    after_s = refused.after_s if isinstance(refused, Later) else 0.0
    return Later(refused.why, after_s)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The codes that mean more than "again": a message that is ``never`` taken, an address that is
    ``gone``, and the seconds until there is room again, ``after`` a limit of the channel or of
    ``each`` reader. Every other is a matter of the settings or of the provider: it may be mended.
    """

    never: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    after: Mapping[str, float] = field(default_factory=dict)
    each: Mapping[str, float] = field(default_factory=dict)

    def refused(
        self, code: str | int, words: str, addresses: tuple[str, ...], secrets: Sequence[str]
    ) -> Later | Never:
        """The outcome, in the provider's own words."""
        why = hidden(f"{code} {words}", [*secrets, *addresses])
        if str(code) in self.gone:
            return Never(why, gone=addresses)
        if str(code) in self.never:
            return Never(why)
        if str(code) in self.each:
            return Later(why, self.each[str(code)], of_reader=True)
        return Later(why, self.after.get(str(code), 0.0))
