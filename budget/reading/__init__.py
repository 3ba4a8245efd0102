"""Files with payments, as books that rules look at."""
