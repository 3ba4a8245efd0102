"""Rectification 整改 of what audits found: towards the unit in charge, until it is struck off."""
