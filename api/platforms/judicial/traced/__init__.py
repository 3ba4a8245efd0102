"""Occasions, matters and advice as they are compared with things of other platforms."""
