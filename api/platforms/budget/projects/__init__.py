"""A project on one page: its budget, what was paid to whom, and what it should improve."""
