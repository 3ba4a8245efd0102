"""Pages and API of those who run the centre: people, units, roles, tokens, audit."""
