"""Terms that the field and the server agree on: the vocabulary, the catalogue and the settings."""
