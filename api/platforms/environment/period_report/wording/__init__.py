"""Papers on water and air in words."""
