"""Steps that ask one after the other while nobody answers."""
