"""What is done with proposals: by everybody, by the office, and by the centre itself."""
