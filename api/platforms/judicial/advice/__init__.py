"""Procuratorial advice: to whom, on what, how it was answered and what came of it."""
