"""Shared by forms for everybody: receipts, personal details apart, bounds of sending."""
