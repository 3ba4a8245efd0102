"""The duty calendar: seen, planned, substituted, swapped, subscribed to."""
