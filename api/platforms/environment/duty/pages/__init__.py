"""Pages of the duty calendar."""
