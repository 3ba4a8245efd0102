"""Answers of one person: read from the fields of a page, held against the form, and written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from api.ballots.questions import Answers, Form, Question, Values, shown
from config.vocabulary.errors import Fault

Fields = Mapping[str, Sequence[str]]
"""By name every value that a page sent."""
Wrong = Mapping[str, str]
"""By question the key of the words of its fault."""
_MOST_VALUES = 40
_LONGEST_VALUE = 4000


def field_of(question: Question, option: str = "") -> str:
    """The name of a question's field on a page; an order has one for each option."""
    return f"{question.id}.{option}" if option else question.id


def read(form: Form, fields: Fields) -> Answers:
    """The answers that a page sent, of the questions that these show, without blanks at the ends.
    A field that nobody asked for is passed over.
    """
    given = {question.id: _values(question, fields) for question in form.questions}
    return {question.id: given[question.id] for question in shown(form, given)}


def _values(question: Question, fields: Fields) -> Values:
    if question.kind == "ranking":
        return _order(question, fields)
    sent = fields.get(field_of(question), ())[:_MOST_VALUES]
    found = [_plain(of[:_LONGEST_VALUE], text=question.kind == "text") for of in sent]
    return tuple(dict.fromkeys(of for of in found if of))


def _order(question: Question, fields: Fields) -> Values:
    """Options by their numbers, as ``number:option`` where these are no order from 1."""
    numbers = {
        option: (fields.get(field_of(question, option)) or ("",))[0].strip()[:3]
        for option in question.values
    }
    if not any(numbers.values()):
        return ()
    expected = [str(number) for number in range(1, len(numbers) + 1)]
    if sorted(numbers.values()) != sorted(expected):
        return tuple(f"{number}:{option}" for option, number in numbers.items())
    return tuple(sorted(numbers, key=lambda option: int(numbers[option])))


def numbers_of(values: Values) -> Mapping[str, str]:
    """By option the number that stands beside it, as :func:`read` was given it."""
    if values and ":" in values[0]:
        return {option: number for number, _, option in (of.partition(":") for of in values)}
    return {option: str(number) for number, option in enumerate(values, 1)}


def fields(form: Form, answers: Answers) -> list[tuple[str, str]]:
    """Names and values of the fields that :func:`read` takes as these answers."""
    found: list[tuple[str, str]] = []
    for question in form.questions:
        values = answers.get(question.id, ())
        if question.kind == "ranking":
            numbers = numbers_of(values).items()
            found += [(field_of(question, option), number) for option, number in numbers]
        else:
            found += [(field_of(question), value) for value in values]
    return found


def _plain(value: str, *, text: bool) -> str:
    """Without signs that no keyboard writes; lines of a text stay."""
    kept = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        of for of in kept if (text and of == "\n") or unicodedata.category(of) not in ("Cc", "Cs")
    ).strip()


def complete(form: Form, answers: Answers) -> Answers:
    """With an empty answer to each question that was shown and passed over."""
    return {of.id: () for of in shown(form, answers)} | dict(answers)


def faults(form: Form, answers: Answers) -> list[Fault]:
    """All that does not hold of answers, each at its question."""
    found = _wrong(form, answers)
    return [Fault(where, f"is {key}", _REMEDIES[key]) for where, key in found]


def wrong(form: Form, answers: Answers) -> Wrong:
    """The same for pages."""
    return dict(_wrong(form, answers))


_REMEDIES = {
    "missing": "answer it",
    "unknown": "leave it out: it is not asked for",
    "choice": "choose of the options that there are",
    "several": "choose one",
    "order": "give each option a number of its own, from 1",
    "long": "write less",
}
WRONG_KEYS = tuple(_REMEDIES)


def _wrong(form: Form, answers: Answers) -> Iterator[tuple[str, str]]:
    asked = shown(form, answers)
    for name in answers.keys() - {question.id for question in asked}:
        yield name[:40], "unknown"
    for question in asked:
        if key := _wrong_of(question, answers.get(question.id, ())):
            yield question.id, key


def _wrong_of(question: Question, values: Values) -> str:
    if not values:
        return "missing" if question.required else ""
    if question.kind == "text":
        return "long" if len(values) > 1 or len(values[0]) > question.longest else ""
    if question.kind == "ranking":
        return "" if sorted(values) == sorted(question.values) else "order"
    if not set(values) <= set(question.values):
        return "choice"
    return "several" if question.kind != "many" and len(values) > 1 else ""


def encoded(answers: Answers) -> bytes:
    """Answers as they are written: JSON by question, in the order in which they were shown."""
    return msgspec.json.encode({name: list(values) for name, values in answers.items()})


def decoded(body: bytes) -> Answers:
    """The answers of :func:`encoded`."""
    return msgspec.json.decode(body, type=dict[str, tuple[str, ...]])


def most_bytes(form: Form) -> int:
    """The most that :func:`encoded` gives for any answers that hold: the same for all of a form,
    so that no size tells who wrote much.
    """
    return 2 + sum(_most_bytes_of(question) for question in form.questions)


def _most_bytes_of(question: Question) -> int:
    around = len(question.id.encode()) + 8
    if question.kind == "text":
        return around + 4 * question.longest
    return around + sum(len(value.encode()) + 3 for value in question.values)
