"""Silences and maintenance windows: what there is, a new one, its renewal and its end."""
