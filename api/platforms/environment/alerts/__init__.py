"""Alerts as deputies and officers read and acknowledge them."""
