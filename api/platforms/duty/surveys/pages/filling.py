"""Answering screen by screen, without a script: each page carries the answers of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.ballots import answers as sheets
from api.ballots import wording
from api.ballots.questions import Answers, Form
from api.ballots.wording import Screen
from config.catalogue.words import Words

MOST_BYTES = 262_144
"""Of a page of answers: 8,000 Chinese characters take nine bytes each in a form."""
MOST_FIELDS = 2000


async def _sent(request: Request) -> Mapping[str, Sequence[str]]:
    """The fields of a page that are text, each with all of its values."""
    found: dict[str, list[str]] = {}
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


Sent = Annotated[Mapping[str, Sequence[str]], Depends(_sent)]


@dataclass(frozen=True, slots=True)
class Turned:
    """A page that was sent: the answers so far, and the screen to show next, None where they are
    given now. ``wrong`` counts answers that do not hold.
    """

    answers: Answers
    screen: Screen | None
    wrong: int = 0


def turned(words: Words, form: Form, sent: Mapping[str, Sequence[str]]) -> Turned:
    """The page behind the one that was sent, or the one before it; the same again where something
    on it does not hold.
    """
    answers = sheets.read(form, sent)
    number, act = _number(_first(sent, "screen")), _first(sent, "act")
    if act == "back":
        return Turned(answers, wording.screen(words, form, answers, number - 1))
    every = wording.pages(form, answers)
    found = sheets.wrong(form, answers)
    for at, page in enumerate(every[:number], 1):
        here = {question.id: found[question.id] for question in page if question.id in found}
        if here:
            return Turned(answers, wording.screen(words, form, answers, at, here), len(here))
    if number < len(every):
        return Turned(answers, wording.screen(words, form, answers, number + 1))
    return Turned(answers, None)


def _first(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return (sent.get(name) or ("",))[0]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
