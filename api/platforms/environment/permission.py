"""Actions on the environment platform, and the roles that may do them."""

from __future__ import annotations

from api.accounts.permission import Permission
from api.accounts.records import ROLES, Role, RolesByPermission


class EnvironmentPermission(Permission):
    """One member for each thing."""

    SEE_STATIONS = "environment.see-stations"
    """Readings, what was decided of them, and how a station is judged."""
    SEE_EQUIPMENT = "environment.see-equipment"
    REVIEW_READINGS = "environment.review-readings"
    SEE_ALERTS = "environment.see-alerts"
    ACKNOWLEDGE_ALERTS = "environment.acknowledge-alerts"
    REVIEW_ALERTS = "environment.review-alerts"
    SEE_RULES = "environment.see-rules"
    TUNE_RULES = "environment.tune-rules"
    """Try drafts on the past, and save them."""
    SEE_OPERATIONS = "environment.see-operations"
    SEE_REFUSALS = "environment.see-refusals"
    HANDLE_REFUSALS = "environment.handle-refusals"
    """Replay dead letters, and remove them."""


_EVERYBODY = frozenset(ROLES)
_OFFICERS = frozenset[Role]({"officer"})
ROLES_BY_PERMISSION: RolesByPermission = {
    EnvironmentPermission.SEE_STATIONS: _EVERYBODY,
    EnvironmentPermission.SEE_EQUIPMENT: _OFFICERS,
    EnvironmentPermission.REVIEW_READINGS: _OFFICERS,
    EnvironmentPermission.SEE_ALERTS: _EVERYBODY,
    EnvironmentPermission.ACKNOWLEDGE_ALERTS: _EVERYBODY,
    EnvironmentPermission.REVIEW_ALERTS: _OFFICERS,
    EnvironmentPermission.SEE_RULES: _OFFICERS,
    EnvironmentPermission.TUNE_RULES: _OFFICERS,
    EnvironmentPermission.SEE_OPERATIONS: _OFFICERS,
    EnvironmentPermission.SEE_REFUSALS: _OFFICERS,
    EnvironmentPermission.HANDLE_REFUSALS: _OFFICERS,
}
