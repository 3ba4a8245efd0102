"""Money that a congress supervises: rules on payments, and published tables. Pure."""
