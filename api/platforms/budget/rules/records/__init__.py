"""The form of a rule, made of the types of its kind's parameters, and a trial of it. Pure."""
