"""Pages of opinions: of the public, of deputy and office, and codes that lead to a deputy."""
