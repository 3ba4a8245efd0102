"""Clauses of other texts that are like one."""
