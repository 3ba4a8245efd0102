"""Pages of those who convene meetings, of the desk, and of those invited."""
