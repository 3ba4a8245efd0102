"""Notices, meetings and activities of deputies."""
