"""What forms for everybody share: receipts, personal details apart, bounds of sending."""
