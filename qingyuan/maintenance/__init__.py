"""Work on the data of a site, done by the running core or by a command."""
