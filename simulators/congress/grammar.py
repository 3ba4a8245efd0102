"""Sentences with choices: ``[a|b]`` one of several, ``{2-9}`` a number, ``{P}`` a name."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"\{(\d+)-(\d+)\}")
_ROUND_FROM = 40
"""Larger numbers are round, as people give them."""


def said(sentence: str, drawn: random.Random, named: Mapping[str, str]) -> str:
    """A sentence with every choice made.

    Args:
        sentence: with choices.
        drawn: makes them.
        named: by letter, such as P; put in last, so that names may hold anything.
    """
    text = _CHOICE.sub(lambda found: drawn.choice(found[1].split("|")), sentence)
    text = _NUMBER.sub(lambda found: _number(drawn, int(found[1]), int(found[2])), text)
    for letter, name in named.items():
        text = text.replace(f"{{{letter}}}", name)
    return text


def _number(drawn: random.Random, least: int, most: int) -> str:
    number = drawn.randint(least, most)
    step = 100 if least >= 1000 else 10
    return str(number if least < _ROUND_FROM else max(number // step * step, least))


def wordings(sentence: str) -> int:
    """In how many ways a sentence can be said, numbers and synonyms left aside."""
    ways = 1
    for found in _CHOICE.finditer(sentence):
        ways *= len(set(found[1].split("|")))
    return ways


def with_synonyms(
    text: str, drawn: random.Random, sets: Sequence[Sequence[str]], share: float
) -> str:
    """A text in which some words of a set are another one of it."""
    for words in sets:
        present = [word for word in words if word in text]
        for word in present[:1]:
            if drawn.random() < share:
                text = text.replace(word, drawn.choice(words))
    return text


def with_typo(text: str, drawn: random.Random, pairs: Sequence[Sequence[str]]) -> str:
    """A text in which one word stands as a hurried hand writes it."""
    present = [(right, wrong) for right, wrong in pairs if right in text]
    if not present:
        return text
    right, wrong = drawn.choice(present)
    at = drawn.choice([found.start() for found in re.finditer(re.escape(right), text)])
    return text[:at] + wrong + text[at + len(right) :]
