"""Kinds of tables and of papers, as platforms declare them."""
