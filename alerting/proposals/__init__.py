"""Changes of rules that wait for a second person."""
