"""Rows of deadlines, rules and days off of the office, and the people who must act."""
