"""What a duty officer cares about: rules, the record of alerts, and who is told of it."""
