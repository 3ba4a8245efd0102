"""The first page of the platform: everything there that somebody may see."""
