"""Changes of people by those who administer them: accounts, appointments, departures."""
