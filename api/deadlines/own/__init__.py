"""Deadlines of oneself and of one's units, a feed of them, and a reckoning of what would be."""
