"""Ratings 测评 of replies by each signer, closed to the unit until the window is over."""
