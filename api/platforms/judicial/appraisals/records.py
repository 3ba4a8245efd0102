"""An appraisal of one officer: the form that all who are asked get, and what is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.ballots.questions import Form, Option, Question
from api.ballots.records import Poll
from api.ballots.results import Result
from api.procedures.procedure import Row
from api.web.declared import Declared
from config.catalogue.words import Words
from config.files import read_toml

KIND = "appraisal"
LONGEST_PERSON, LONGEST_OFFICE, LONGEST_MEETING = 40, 80, 100
LONGEST_REPORT, LONGEST_DECISION = 4000, 2000
"""Characters."""
A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Appraisal:
    """An appraisal with its ballots, for one reader. ``asked`` tells whether the reader has a
    ballot, ``voted`` whether it was given; ``results`` are None before the counting.
    """

    row: Row
    poll: Poll
    asked: bool
    voted: bool
    results: Sequence[Result] | None


class NotOpened(Declared):
    """The ballots cannot be opened: ``keys`` end the words of each fault."""

    status = 422
    words = "judicial.appraisals.wrong-open"

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"the ballots cannot be opened: {', '.join(keys)}", faults=list(keys))
        self.keys = keys

    def said(self, words: Words) -> str:
        """With every fault."""
        return words(
            self.words, faults=words.listed(words(f"ballots.fault-{of}") for of in self.keys)
        )


class NotAnswers(Declared):
    """A ballot does not hold: ``wrong`` has by question the end of the words."""

    status = 422
    words = "judicial.appraisals.wrong-ballot"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(f"these questions do not hold: {', '.join(wrong)}", faults=dict(wrong))
        self.wrong = wrong


@cache
def _lists() -> tuple[tuple[str, ...], tuple[str, ...]]:
    path = Path(__file__).parent / "data" / "appraisals.toml"
    found = read_toml(path, "restore the file of the product")
    return tuple(found["aspects"]), tuple(found["answers"])


def aspects() -> tuple[str, ...]:
    """The aspects of duty that are asked, as the product has them."""
    return _lists()[0]


def answers() -> tuple[str, ...]:
    """The answers to each."""
    return _lists()[1]


def form(words: Words, title: str) -> Form:
    """The questions on one officer. There is no text, in which a case could be named, and no
    scale, of which a mean would be a score.
    """
    options = tuple(Option(of, words(f"judicial.appraisals.answer-{of}")) for of in answers())
    asked = (
        Question(f"q{number}", "one", words(f"judicial.appraisals.aspect-{of}"), options)
        for number, of in enumerate(aspects(), 1)
    )
    return Form(title, words("judicial.appraisals.ballot-intro"), tuple(asked))
