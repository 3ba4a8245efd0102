"""Who did what and when, and whether the chain of it is whole."""
