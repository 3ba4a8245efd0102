"""Judicial supervision of the demonstration: figures, hearings, matters, letters and a draw."""
