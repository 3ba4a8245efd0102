"""Administrative suits and counts of petitions, for views that stand beside other platforms."""
