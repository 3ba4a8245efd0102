"""Who sees the wall; roles.toml says it."""

from __future__ import annotations

from api.accounts.permission import Permission


class WallPermission(Permission):
    """One member for each thing."""

    SEE = "wall.see"
    """The wall: stations with their alerts on the map, how many terms are overdue, and of each
    platform the numbers of what one may see there anyway.
    """
