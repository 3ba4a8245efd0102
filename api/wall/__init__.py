"""The wall of the hall: the five platforms on one page, live."""
