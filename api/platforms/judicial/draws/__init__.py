"""Closed files drawn by a seed that anyone can repeat; findings by kind, never by name."""
