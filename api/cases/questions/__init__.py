"""Questions of a case to bodies, and their answers."""
