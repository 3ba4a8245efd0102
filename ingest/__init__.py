"""What happens before a reading is kept, and what keeps it."""
