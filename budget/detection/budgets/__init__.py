"""Rules that hold payments against what was approved, registered or audited."""
