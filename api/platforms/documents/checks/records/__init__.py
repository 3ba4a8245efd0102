"""The form of a check, and what its trial tells apart. Pure."""
