"""Faults that are put into the treasury, each with innocent look-alikes; one module a family."""
