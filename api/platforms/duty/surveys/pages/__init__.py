"""Pages of surveys: of the office, of whoever is asked, and of the public."""
