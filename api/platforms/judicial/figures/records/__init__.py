"""Templates of monthly figures, their checks, what is compared and what is hidden. Pure."""
