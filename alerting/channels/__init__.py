"""Ways by which a message reaches somebody."""
