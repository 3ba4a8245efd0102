"""Rendering: base templates, static files, and what every page shares."""
