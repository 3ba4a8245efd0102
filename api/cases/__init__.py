"""Supervision cases 监督案卷: what belongs together, out of all platforms."""
