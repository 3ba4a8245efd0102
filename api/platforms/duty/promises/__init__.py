"""Promises 承诺 of replies, kept in a ledger until they are kept."""
