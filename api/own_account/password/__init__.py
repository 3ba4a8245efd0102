"""The password, changed by its person."""
