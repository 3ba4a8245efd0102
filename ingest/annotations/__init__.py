"""Findings of quality control, reviews and corrections, laid over every read of the store."""
