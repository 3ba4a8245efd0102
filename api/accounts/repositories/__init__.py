"""Where people, units and sessions are kept. The only SQL of accounts."""
