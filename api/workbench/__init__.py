"""The first page of everybody: things that wait."""
