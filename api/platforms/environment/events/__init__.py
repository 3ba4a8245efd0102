"""Alert events as people read them and act on them."""
