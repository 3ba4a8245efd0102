"""The program in the box on the pole: one agent, one station, one connection, one spool."""
