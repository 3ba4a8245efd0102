"""Figures that the office publishes for deputies, by topic: each with its period and source."""
