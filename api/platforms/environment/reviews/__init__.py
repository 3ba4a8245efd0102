"""Reviews and corrections of readings: who decided what of which, and why."""
