"""Watching over those who tell people."""
