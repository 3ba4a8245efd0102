"""Filings over the API."""
