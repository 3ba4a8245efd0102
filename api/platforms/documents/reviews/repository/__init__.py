"""Reviews in the state database."""
