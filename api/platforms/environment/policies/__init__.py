"""Escalation policies as officers write them and everybody reads them."""
