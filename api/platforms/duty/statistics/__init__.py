"""Four rates of how suggestions are handled, each with its denominator and its rows."""
