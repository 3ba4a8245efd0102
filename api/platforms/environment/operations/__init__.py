"""How the centre itself is: what arrives, what waits, what was refused."""
