"""Dead letters: seen, sent again, removed."""
