"""PDF with text: lines of pages put together to paragraphs."""

from __future__ import annotations

from documents.text.pdf.paper import lines

__all__ = ["lines"]
