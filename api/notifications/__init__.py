"""Messages that a person was sent, and wishes of what to be told."""
