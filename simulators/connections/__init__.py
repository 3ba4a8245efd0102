"""Affairs that run through platforms, innocent look-alikes, and what belongs together."""
