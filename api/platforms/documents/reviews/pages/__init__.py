"""Pages of reviews, of their points, and of the opinions of committees."""
