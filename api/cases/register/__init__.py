"""The register of cases, and one case on its page."""
