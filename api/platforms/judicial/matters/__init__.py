"""Supervision matters of bodies: work reports, major matters, inspections, classes of cases."""
