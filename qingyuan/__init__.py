"""The front door: one file a command; joins the rooms and decides nothing."""
