"""Notification of people: audiences, messages, channels."""
