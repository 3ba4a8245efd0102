"""A congress that is not there: suggestions of deputies with their lives and true labels."""
