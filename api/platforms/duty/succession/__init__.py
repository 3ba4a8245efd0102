"""A change of term: suggestions of deputies who left go on with a named successor."""
