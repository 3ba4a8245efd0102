"""The demonstration: a whole district in one process."""
