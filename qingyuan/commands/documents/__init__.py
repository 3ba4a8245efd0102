"""Commands about normative documents."""
