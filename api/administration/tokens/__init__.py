"""Tokens with which machines ask the API."""
