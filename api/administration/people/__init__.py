"""People of the centre as a list: search, export, newcomers, the end of a term."""
