"""Units at work on a suggestion: contacts with the deputies, and opinions of further units."""
