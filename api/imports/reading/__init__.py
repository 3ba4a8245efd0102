"""A file as the fields of a kind: which column is which, and what its cells say."""
