"""Ways by which a message reaches a person."""
