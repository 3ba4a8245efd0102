"""Times in which nobody is told, though everything is recorded."""
