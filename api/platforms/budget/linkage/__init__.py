"""The money's way from project to payment, reconciled at each hop."""
