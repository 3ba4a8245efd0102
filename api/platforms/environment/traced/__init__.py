"""Alerts and their events as they are compared with things of other platforms."""
