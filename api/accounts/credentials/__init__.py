"""Passwords and the second factor: made, checked and sealed."""
