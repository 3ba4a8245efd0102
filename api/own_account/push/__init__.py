"""The browsers in which somebody allowed notifications."""
