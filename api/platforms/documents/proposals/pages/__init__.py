"""Pages of proposals: for everybody, and for the office."""
