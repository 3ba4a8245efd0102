"""The browsers in which somebody has signed in."""
