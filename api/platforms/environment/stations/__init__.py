"""Stations: where they are, what they measure, how it is judged."""
