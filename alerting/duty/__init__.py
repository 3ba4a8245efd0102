"""The duty calendar 值班表: who is on duty when, as it was known when."""
