"""One person: account, roles, memberships, delegations, sessions, departure."""
