"""Judging: by which limits, standards and checks the readings of a station are judged."""
