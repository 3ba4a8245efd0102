"""The record of alerts, and the alerts that belong together."""
