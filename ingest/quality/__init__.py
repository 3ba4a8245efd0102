"""Quality control of readings: what each check says, and how flags are combined."""
