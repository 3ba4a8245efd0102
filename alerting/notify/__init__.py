"""Who is notified of an alert, in which message, over which channel."""
