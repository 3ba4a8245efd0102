"""Commands on rules and standards."""
