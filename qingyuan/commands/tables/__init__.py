"""Commands on tables that offices send."""
