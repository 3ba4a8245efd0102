"""The messages of a person."""
