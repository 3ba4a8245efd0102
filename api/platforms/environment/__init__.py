"""Environment supervision: stations and alerts."""
