"""A reply written by template, with its promises, and as a paper."""
