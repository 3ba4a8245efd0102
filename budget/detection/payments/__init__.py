"""Rules that payments alone can answer."""
