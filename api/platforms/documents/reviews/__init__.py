"""Reviews of normative documents: from the opening to the archive."""
