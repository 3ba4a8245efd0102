"""The meetings to which people are invited: answers, sign-in, minutes and opinions."""
