"""The list of suggestions: one's own, those to sign, and all that somebody may see."""
