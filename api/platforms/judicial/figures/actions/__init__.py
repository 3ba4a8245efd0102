"""Read, send, decide, load and follow monthly figures; pages and routes both call these."""
