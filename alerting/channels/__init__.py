"""Ways by which a message reaches a person or a group chat."""
