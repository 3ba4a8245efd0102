"""Identities at a government's own sign-in that open the account."""
