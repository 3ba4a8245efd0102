"""Topics and markings of documents, and who viewed one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.ports import Summary
from api.procedures.procedure import Row

MARKINGS = ("public", "internal", "confidential")
"""Public 公开; internal 内部 stays among those who sign in; of confidential 敏感 it is recorded
who viewed it. State secrets never belong here.
"""
LONGEST_TITLE = 100
LONGEST_TEXT = 20_000
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class View:
    """Somebody viewed a confidential document; ``who`` acted for ``on_behalf``, or for nobody."""

    document: int
    who: str
    on_behalf: str
    signed: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """A page of documents, how many pages there are, and how things stand on other platforms;
    ``silent`` are platforms that failed, ``late`` those that did not answer in time.
    """

    documents: Sequence[Row]
    pages: int
    summaries: Sequence[Summary] = ()
    silent: Sequence[str] = ()
    late: Sequence[str] = ()
