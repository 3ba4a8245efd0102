"""The declaration of reports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.reports.permission import ReportPermission
from api.shape import Platform

PLATFORM = Platform(
    slug="reports",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ReportPermission,
)
