"""The platforms in menu order."""

from __future__ import annotations

from api.platforms.environment.manifest import PLATFORM as ENVIRONMENT

ROSTER = (ENVIRONMENT,)
