"""Ratios to a peer or a limit measured in the same run; each is started by hand."""
