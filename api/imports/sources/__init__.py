"""The register of sources: who owes which table until when, and the ways by which tables come."""
