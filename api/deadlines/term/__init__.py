"""One deadline: how it came about, and what may be done to it."""
