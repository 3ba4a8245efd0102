"""Monthly figures of the bodies that are supervised, each body by itself."""
