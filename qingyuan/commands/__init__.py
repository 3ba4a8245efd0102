"""One file a command, by who uses it."""
