"""What was refused: looked at, sent again, let go of."""
