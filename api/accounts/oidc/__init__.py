"""A government's own sign-in as a second way in, over OpenID Connect."""
