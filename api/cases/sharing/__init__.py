"""Cases shared with the congresses above and below, and those that come from them."""
