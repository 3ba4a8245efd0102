"""What changed between two texts, sign by sign, and where it changed what one must or may do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from documents.comparing.records import Run

DUTY, LEAVE, BAN = "duty", "leave", "ban"
FORCE = {
    "应当": DUTY,
    "必须": DUTY,
    "须": DUTY,
    "应": DUTY,
    "可以": LEAVE,
    "可": LEAVE,
    "有权": LEAVE,
    "不得": BAN,
    "禁止": BAN,
    "严禁": BAN,
    "不准": BAN,
}
"""Words that oblige, allow and forbid (立法技术规范（试行）, 应当 and 不得)."""
_TOKEN = re.compile(
    r"不应当|可以|应当|必须|不得|禁止|严禁|不准|有权|(?<![必无])须(?!知)|"
    r"(?<![适相响供反对回])应(?![急用对])|(?<![许认不])可(?![能行靠再持])|[0-9]+|[A-Za-z]+|\S"
)


def runs(old: str, new: str) -> tuple[Run, ...]:
    """Both texts as one: what stands in both, what went, what came. Line ends count as blanks."""
    before, after = _tokens(old), _tokens(new)
    found: list[Run] = []
    for tag, a1, a2, b1, b2 in _steps(before, after):
        if tag == "equal":
            found.append(Run("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            found.append(Run("deleted", "".join(before[a1:a2])))
        if b2 > b1:
            found.append(Run("inserted", "".join(after[b1:b2])))
    return tuple(found)


def marks(old: str, new: str) -> tuple[str, ...]:
    """Changes of force as 应当→可以, each once, in their order."""
    before, after = _tokens(old), _tokens(new)
    found: dict[str, None] = {}
    for tag, a1, a2, b1, b2 in _steps(before, after):
        if tag == "replace":
            found |= dict.fromkeys(_changes(before[a1:a2], after[b1:b2]))
    return tuple(found)


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    gone = [token for token in before if token in FORCE]
    came = [token for token in after if token in FORCE]
    for one, other in zip(gone, came, strict=False):
        if FORCE[one] != FORCE[other]:
            yield f"{one}→{other}"


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _steps(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
