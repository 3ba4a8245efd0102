"""Payments as columns, kept with each load: what is asked is answered from them, to the fen."""
