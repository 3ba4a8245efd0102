"""A person's own account: password, second factor, devices, display, addresses for messages."""
