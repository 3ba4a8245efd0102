"""Budget supervision 预算联网监督: the money's way, and questions that are worth asking."""
