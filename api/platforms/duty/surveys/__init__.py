"""Surveys, assessments of units by deputies, and calls for opinion on drafts."""
