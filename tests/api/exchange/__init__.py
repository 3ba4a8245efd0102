"""The exchange with bodies."""
