"""The running centre: its resources, its admin endpoint, its scheduler."""
