"""Days of stations: their valid means, as the standards speak of them."""
