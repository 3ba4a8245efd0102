"""What all rooms have of one text."""
