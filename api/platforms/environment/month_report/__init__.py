"""The month's alerts on paper."""
