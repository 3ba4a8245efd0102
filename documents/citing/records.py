"""A law that is named, and where in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["basis", "cited", "former", "repealed", "own"]
"""Why it is named: on which the document rests (根据…制定), as a rule that applies, in its version
of before (原《…》), to end it (同时废止), or the document itself (本办法).
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a law: 第十二条第二款第三项 is 12, 2, 3; ``inserted`` is 1 of 第十二条之一.

    None where the words do not go so far. An item without a paragraph is of an article that has
    one paragraph.
    """

    article: int | None = None
    inserted: int = 0
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """``article`` is the index of the citing article, None where the words stand outside of one.

    ``law`` is the title as the document writes it, in full where it was given a short form before;
    empty of the document itself. ``words`` stand from ``begin`` on in ``text``, that of the
    article, of the point or of the paragraph outside.
    """

    article: int | None
    law: str
    point: Point
    words: str
    begin: int
    role: Role
    text: str
