"""Texts, days and sums of several tables brought together."""
