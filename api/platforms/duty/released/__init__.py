"""Suggestions as the public reads them: out of what was released, and nothing else."""
