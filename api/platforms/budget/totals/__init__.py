"""Totals of payments, kept with each load: sums are read from them and never from the rows."""
