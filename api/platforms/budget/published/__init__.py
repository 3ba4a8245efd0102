"""Published tables of departments: sent, confirmed, shown and withdrawn."""
