"""The second factor, set up and taken away by its person."""
