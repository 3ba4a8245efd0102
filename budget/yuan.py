"""Money as people read it."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """Fen in yuan, exactly: ``-1,234.50``."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"
