"""Laws as documents cite them: in force, repealed, in an older version, beyond their last article.

Lengths and dates are those of the published texts; ten laws on the environment ended with the
生态环境法典 on 2026-08-15.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from config.files import read_toml
from simulators.documents.drawing import chinese, chosen

DATA = Path(__file__).parent / "data"
REMEDY = "install the product again, whole"


@cache
def citations() -> Mapping[str, Any]:
    """The file of laws and of clauses that cite them."""
    return read_toml(DATA / "citations.toml", REMEDY)


def timely(text: str, on: date) -> bool:
    """Whether a document of that day can name all that the text names."""
    since: Mapping[str, date] = citations()["since"]
    return all(on >= first for name, first in since.items() if name in text)


class Laws:
    """Cites laws in a document of a day."""

    def __init__(self, on: date, drawn: random.Random) -> None:
        self._on = on
        self._drawn = drawn

    def cited(self, sentence: str) -> str | None:
        """The sentence with a law for each sign, or none where no law of the day fits."""
        signs: tuple[tuple[str, Callable[[], str | None]], ...] = (
            ("{旧}", self._older),
            ("{过}", self._beyond),
            ("{末}", self._last),
            ("{现条}", self._article),
            ("{现}", self._name),
        )
        cited = self._repealed(sentence)
        for sign, law in signs:
            while cited is not None and sign in cited:
                named = law()
                cited = None if named is None else cited.replace(sign, named, 1)
        return cited

    def _repealed(self, sentence: str) -> str | None:
        if "{废" not in sentence:
            return sentence
        fitting = [row for row in citations()["repealed"] if row[1] <= self._on]
        if not fitting:
            return None
        of_the_code = [row for row in fitting if row[1] == date(2026, 8, 15)]
        name, _, count = self._drawn.choice(of_the_code or fitting)
        article = chinese(self._drawn.randint(2, count - 1))
        return sentence.replace("{废}", name).replace("{废条}", article)

    def _older(self) -> str | None:
        fitting = [text for text, since in citations()["older"] if since <= self._on]
        return chosen(self._drawn.choice(fitting), self._drawn) if fitting else None

    def _current(self) -> tuple[str, int]:
        fitting = [row for row in citations()["current"] if row[2] <= self._on]
        name, count, _ = self._drawn.choice(fitting)
        return name, count

    def _beyond(self) -> str:
        name, count = self._current()
        return f"{name}第{chinese(count + self._drawn.choice((1, 2, 3, 5, 9, 20, 40)))}条"

    def _last(self) -> str:
        name, count = self._current()
        return f"{name}第{chinese(count)}条"

    def _article(self) -> str:
        name, count = self._current()
        return f"{name}第{chinese(self._drawn.randint(2, count - 1))}条"

    def _name(self) -> str:
        return self._current()[0]
