"""Deeds on proposals: of everybody, of the office, and of the centre itself."""
