"""Who asks: the account of a request, and the pages and routes of signing in."""
