"""Rules, and how a threshold is tried on the past before it is saved."""
