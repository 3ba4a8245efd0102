"""Addresses to which messages will go."""
