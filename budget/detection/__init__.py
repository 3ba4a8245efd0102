"""Rules on money: books in, findings out. Pure; a finding is a question, never a verdict."""
