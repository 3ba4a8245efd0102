"""Projects, findings and rectifications as they are compared with things of other platforms."""
