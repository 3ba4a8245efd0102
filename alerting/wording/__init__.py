"""Alerts in plain words for lay people."""
