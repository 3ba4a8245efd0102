"""Attachments by the hash of their content."""
