"""The page behind the link of a message: one event, for one person, without a password."""
