"""Alerts for other programs, as messages of the Common Alerting Protocol 1.2 (OASIS)."""
