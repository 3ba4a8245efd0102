"""Acts on reviews."""
