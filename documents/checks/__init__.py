"""Checks of normative documents, clause by clause."""
