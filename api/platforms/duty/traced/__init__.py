"""Suggestions and motions as they are compared with things of other platforms."""
