"""Actions on the environment platform; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class EnvironmentPermission(Permission):
    """One member for each thing."""

    SEE_STATIONS = "environment.see-stations"
    """Readings, what was decided of them, and how a station is judged."""
    SEE_EQUIPMENT = "environment.see-equipment"
    REVIEW_READINGS = "environment.review-readings"
    SEE_ALERTS = "environment.see-alerts"
    ACKNOWLEDGE_ALERTS = "environment.acknowledge-alerts"
    TAKE_EVENTS = "environment.take-events"
    """Take an alert event, which ends its escalation; who may acts as an officer."""
    REVIEW_ALERTS = "environment.review-alerts"
    SEE_RULES = "environment.see-rules"
    TUNE_RULES = "environment.tune-rules"
    """Try drafts on the past, and save them."""
    SEE_SILENCES = "environment.see-silences"
    MANAGE_SILENCES = "environment.manage-silences"
    """Silence alerts, plan maintenance, and end either."""
    SEE_DELIVERIES = "environment.see-deliveries"
    """Who was told what, by which channel, and whether it arrived."""
    TEST_CHANNELS = "environment.test-channels"
    SEE_OPERATIONS = "environment.see-operations"
    SEE_REFUSALS = "environment.see-refusals"
    HANDLE_REFUSALS = "environment.handle-refusals"
    """Replay dead letters, and remove them."""
    MANAGE_POLICIES = "environment.manage-policies"
    """Who is asked next while nobody answers."""
    SEE_DUTY = "environment.see-duty"
    MANAGE_DUTY = "environment.manage-duty"
    """Plan who is on duty, name substitutes, swap."""
