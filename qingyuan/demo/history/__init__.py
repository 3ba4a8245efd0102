"""Readings of the demonstration from before its first start."""
