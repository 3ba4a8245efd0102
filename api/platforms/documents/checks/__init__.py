"""Checks as people see, try and save them."""
