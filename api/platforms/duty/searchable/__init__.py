"""Meetings, surveys and motions in the search, found by whoever sees their pages."""
