"""What the field and the server must agree on: the vocabulary, the catalogue and the settings."""
