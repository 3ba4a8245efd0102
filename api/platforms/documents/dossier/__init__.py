"""One text in all rooms."""
