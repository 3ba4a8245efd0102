"""The log of deliveries: who was told what, when, by which channel, and whether it arrived."""
