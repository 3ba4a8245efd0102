"""The loads in force as books that rules look at."""
