"""Actions on supervision cases; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class CasePermission(Permission):
    """One member for each thing."""

    SEE = "cases.see"
    """Cases, what was joined to them as far as one may see the thing itself, and what came of it;
    of a body supervised: what it was asked.
    """
    KEEP = "cases.keep"
    """Open cases, join things, ask bodies, list what is to be put right: the office's."""
    DECIDE = "cases.decide"
    """Record decisions of meetings, conclude cases and archive them."""
    ANSWER = "cases.answer"
    """Answer questions and report what was put right: of the body asked."""
