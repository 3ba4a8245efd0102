"""One index of everything visible."""
