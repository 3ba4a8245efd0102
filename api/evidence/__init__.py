"""Conditions in platforms that papers of others wait for: chosen on a form, kept, watched."""
