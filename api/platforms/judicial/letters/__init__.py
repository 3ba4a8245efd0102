"""Letters and petitions: registered, passed on to a body, and answered in general."""
