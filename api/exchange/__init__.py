"""The exchange with bodies: what each is asked, what it sent, and a receipt for each."""
