"""The checks in force, their versions, and what they find in texts that are kept."""
