"""Hints on first pages, which somebody closes once and for all."""
