"""The meetings to which people are invited: answers, check-in, minutes and opinions."""
