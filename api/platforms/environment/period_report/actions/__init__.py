"""Read the days of a period, freeze its papers, and make them when they are due."""
