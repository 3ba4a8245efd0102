"""The platform of judicial supervision."""
