"""Lines of a document split into articles, parts and attachments."""
