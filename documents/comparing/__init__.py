"""Two versions of a document: which article became which, and what changed in it."""
