"""The steps that may be done next: states of a thing as a table."""
