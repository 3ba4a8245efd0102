"""The end of a round of ratings: by the last rating, or by its date in the centre's name."""
