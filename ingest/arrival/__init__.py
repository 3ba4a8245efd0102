"""From the broker to the journal: checked, settled, acknowledged."""
