"""Curves of a station: as readings or means, with limits and alerts, as a table and in words."""
