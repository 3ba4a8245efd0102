"""Tables that offices send: checked, loaded and withdrawn."""
