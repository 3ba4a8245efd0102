"""Word: paragraphs as they are seen once every tracked change is accepted."""

from __future__ import annotations

from documents.text.word.body import lines

__all__ = ["lines"]
