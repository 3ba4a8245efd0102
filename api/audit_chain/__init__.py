"""The chain over the rows of the audit: what shows a hand that changed them."""
