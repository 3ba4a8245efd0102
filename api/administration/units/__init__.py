"""Units in the official order."""
