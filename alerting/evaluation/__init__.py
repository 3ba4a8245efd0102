"""The rule engine: readings in, transitions of alerts out."""
