"""Tables that departments publish: recognised, read with their units, and checked."""
