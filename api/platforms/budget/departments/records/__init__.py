"""Descriptions of tables, their form, and questions to their rows."""
