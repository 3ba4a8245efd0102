"""Normative documents that are not there, with planted faults and what seems one."""
