"""Actions on yearly lists, and the search for what was not filed."""
