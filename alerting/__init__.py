"""Rules, the record of alerts, and the notifications of people."""
