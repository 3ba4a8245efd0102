"""Words by their keys, so that an editor may write them otherwise and no test breaks."""

from __future__ import annotations

import re

from config.catalogue.words import Words

WORDS = Words.load("zh-CN")


def has(text: str, key: str, **values: object) -> bool:
    """Whether a text has the words of a key in it; a gap without a value takes anything."""
    parts = re.split(r"\{(\w+)\}", WORDS.texts[key])
    pattern = "".join(
        (re.escape(str(values[part])) if part in values else ".*?") if gap else re.escape(part)
        for gap, part in ((place % 2, part) for place, part in enumerate(parts))
    )
    return re.search(pattern, text, re.DOTALL) is not None
