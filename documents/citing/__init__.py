"""Citations: which law an article names, with article, paragraph and item."""
