"""The states of a review, of its points, and of the opinions that committees are asked for."""
