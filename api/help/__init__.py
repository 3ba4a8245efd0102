"""Help: what each role does here, step by step, with pictures, and words explained."""
