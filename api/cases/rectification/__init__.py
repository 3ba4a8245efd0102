"""The list of what is to be put right in a case, and how it is struck off 销号."""
