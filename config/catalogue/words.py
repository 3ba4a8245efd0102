"""What people read, by key: one catalogue a language, in ``config/data/words``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import config
from config.files import read_toml

_FOLDER = Path(config.__file__).parent / "data" / "words"
_NONE: Mapping[str, Path] = {}


class Words:
    """Texts of one language. Calling with a key and values gives the text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    @classmethod
    def load(cls, language: str, platforms: Mapping[str, Path] = _NONE) -> Words:
        """Every ``{language}*.toml`` of the catalogue, as dotted keys; those in the folder of a
        platform lie below its slug.
        """
        texts: dict[str, str] = {}
        for path in sorted(_FOLDER.glob(f"{language}*.toml")):
            texts.update(_flat(read_toml(path, "install Qingyuan anew"), ""))
        for slug, folder in platforms.items():
            for path in sorted(folder.glob(f"{language}*.toml")):
                texts.update(_flat(read_toml(path, "install Qingyuan anew"), f"{slug}."))
        return cls(texts)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key; an unknown key is a fault of ours and raises KeyError."""
        return self.texts[key].format(**values)


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
