"""People and units out of files."""
