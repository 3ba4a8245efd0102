"""The platform of filing and review of normative documents."""
