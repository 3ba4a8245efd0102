"""Language and size of type."""
