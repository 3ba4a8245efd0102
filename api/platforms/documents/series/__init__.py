"""Normative documents and points of reviews, for views that stand beside other platforms."""
