"""In which language somebody reads: as the account says, else as the browser asks (RFC 9110,
12.5.4), else as the site does.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.catalogue.words import LANGUAGES, LanguageTag


def language_for(account: str, accepted: str, site: LanguageTag) -> LanguageTag:
    """The language to answer in; ``accepted`` is the header Accept-Language."""
    wanted = [account, *(tag for _, tag in sorted(_ranges(accepted), key=lambda row: -row[0]))]
    for tag in wanted:
        if tag == "*":
            return site
        for language in (site, *LANGUAGES):
            if tag.lower() == language.lower():
                return language
        for language in (site, *LANGUAGES):
            if tag and _primary(tag) == _primary(language):
                return language
    return site


def _ranges(header: str) -> Iterator[tuple[float, str]]:
    """Each language range with its weight, but for those that are refused or no ranges."""
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        if tag.strip() and 0 < weight <= 1:
            yield weight, tag.strip()


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
