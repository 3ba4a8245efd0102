"""A line: a paragraph of a document, or a row of a table, as its reader found it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufff9-\ufffb\x00-\x08]")
_BREAKS = re.compile(r"[\t\r\n\f\v\u0085\xa0\u2000-\u200a\u202f]+")
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    0x2EC5: "见",
    0x2EDA: "页",
    0x2EE9: "黄",
    0x2ECB: "车",
    0x2ED3: "长",
    0x2ED4: "门",
    0x2ED8: "青",
}
"""Radicals that some PDFs have in place of characters that look alike."""
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Line:
    """``level`` is that of a heading, 1 the highest, 0 of none; ``surely`` where Word itself wrote
    the label in front. Nothing that is ``quoted`` or a row of ``cells`` is a label.
    """

    text: str
    level: int = 0
    surely: bool = False
    quoted: bool = False
    cells: tuple[str, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether its labels are none of the document."""
        return self.quoted or bool(self.cells)


def row(cells: tuple[str, ...]) -> Line:
    """A row of a table; its text has a tab between cells."""
    return Line("\t".join(cells), cells=cells)


def clean(text: str) -> str:
    """A text on one line, without signs that nobody sees."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).translate(_RADICALS).strip()


def joined(earlier: str, later: str) -> str:
    """One text out of two lines of a paragraph: no blank beside a Chinese character."""
    if not earlier or not later:
        return earlier + later
    blank = not is_wide(earlier[-1]) and not is_wide(later[0])
    return f"{earlier} {later}" if blank else earlier + later


def is_wide(character: str) -> bool:
    """Whether a character is Chinese, beside which no blank belongs."""
    return bool(_WIDE.match(character))
