"""The words that people read, by key: one catalogue a language, in ``config/data/words``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import config
from config.files import read_toml
from config.vocabulary.indicators import INDICATORS, Indicator

LanguageTag = Literal["zh-CN", "en"]
LANGUAGES: tuple[LanguageTag, ...] = get_args(LanguageTag)
_FOLDER = Path(config.__file__).parent / "data" / "words"
_REMEDY = "make it a readable file"
NAMES = "names."
"""Before the keys of names that data bear: such a key is the name as the data have it."""
_NONE: Mapping[str, Path] = {}


class Words:
    """Texts of one language. Calling with a key and values gives the text."""

    def __init__(
        self,
        texts: Mapping[str, str],
        language: LanguageTag,
        platforms: Mapping[str, Path],
        district: Path | None,
    ) -> None:
        self.texts = texts
        self.language = language
        self._platforms, self._district = platforms, district

    @classmethod
    def load(
        cls,
        language: LanguageTag,
        platforms: Mapping[str, Path] = _NONE,
        district: Path | None = None,
    ) -> Words:
        """Every ``{language}*.toml`` of the catalogue, as dotted keys; those in the folder of a
        platform lie below its slug. A district's folder names its own things in
        ``names.{language}.toml``.

        Raises:
            FaultyInput: the district's file is no TOML.
        """
        texts = dict(_of_folder(_FOLDER, language, ""))
        for slug, folder in platforms.items():
            texts.update(_of_folder(folder, language, f"{slug}."))
        own = district / f"names.{language}.toml" if district else None
        if own and own.exists():
            texts.update((NAMES + name, str(of)) for name, of in read_toml(own, _REMEDY).items())
        return cls(texts, language, platforms, district)

    def into(self, language: LanguageTag) -> Words:
        """The same in another language."""
        return Words.load(language, self._platforms, self._district)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key; of one with ``one`` and ``other`` that for the number ``n``. An
        unknown key is a fault of ours and raises KeyError.
        """
        text = self.texts.get(key)
        if text is None:
            text = self.texts[f"{key}.{'one' if str(values.get('n')) == '1' else 'other'}"]
        return text.format(**values)

    def name(self, given: str) -> str:
        """A name of the data in this language; as it stands there where it has no other."""
        return self.texts.get(NAMES + given, given)

    @cached_property
    def renames(self) -> bool:
        """Whether any name of the data has another one in this language."""
        return any(key.startswith(NAMES) for key in self.texts)

    def listed(self, parts: Iterable[str]) -> str:
        """Things side by side."""
        return self("list.comma").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Clauses side by side, each of which may hold commas."""
        return self("list.semicolon").join(parts)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator with the name and the symbol that it has in this language."""
        return {
            row.code: row._replace(name=self.name(row.name), symbol=self.name(row.symbol))
            for row in INDICATORS.values()
        }


@cache
def _of_folder(folder: Path, language: LanguageTag, prefix: str) -> Mapping[str, str]:
    """Texts of the product itself: its files stay as they are while a process runs."""
    return {
        key: text
        for path in sorted(folder.glob(f"{language}*.toml"))
        for key, text in _flat(read_toml(path, "install Qingyuan anew"), prefix)
    }


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
