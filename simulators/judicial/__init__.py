"""Figures of justice, hearings and letters that are not there, with planted faults."""
