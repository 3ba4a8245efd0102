"""Commands about the money that a congress supervises."""
