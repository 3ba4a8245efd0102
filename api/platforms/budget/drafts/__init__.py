"""Drafts of a budget 预算草案 and their first review 初步审查."""
