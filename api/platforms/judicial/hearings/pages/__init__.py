"""Pages of occasions, seats, the list at the door, and comments."""
