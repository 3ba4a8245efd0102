"""What a person was told, and what the person wishes to be told."""
