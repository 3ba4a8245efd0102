"""Old records from a CSV file: its lines as samples, through the intake like anything else."""
