"""Word: paragraphs as they are seen once every tracked change is accepted."""
