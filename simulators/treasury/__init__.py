"""A treasury that is not there: five years of a district's money, with planted faults labelled."""
