"""Earlier suggestions of the same matter, and the units that handled such ones."""
