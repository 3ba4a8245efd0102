"""Rules of budget supervision on their page: tried on years of the loads, then saved."""
