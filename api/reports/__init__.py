"""Papers that are handed out: templates filled with frozen figures."""
