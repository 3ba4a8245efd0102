"""What is made public of a suggestion: prepared by one person, released by another."""
