"""Filings without database and page: facts, the check, the register, packages. Pure."""
