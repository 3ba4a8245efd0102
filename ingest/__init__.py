"""From the broker to the store: arrival, journal, quality control, standards, imports."""
