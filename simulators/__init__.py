"""Pretence: nature, incidents and instruments; it borrows nothing from the agent."""
