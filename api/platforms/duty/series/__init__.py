"""Suggestions and promises, for views that stand beside other platforms."""
