"""Acts on occasions, seats, the list at the door, and comments."""
