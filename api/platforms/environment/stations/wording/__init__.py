"""Stations in words: how they are judged, and how their equipment is."""
