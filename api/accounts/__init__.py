"""One account for all five platforms."""
