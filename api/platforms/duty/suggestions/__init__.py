"""Suggestions 建议、批评和意见, from the draft to the end of their handling."""
