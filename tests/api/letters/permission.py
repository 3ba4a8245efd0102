"""Actions on letters; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class LetterPermission(Permission):
    """One member for each hand."""

    READ = "letters.read"
    WRITE = "letters.write"
    ASSIGN = "letters.assign"
    ANSWER = "letters.answer"
