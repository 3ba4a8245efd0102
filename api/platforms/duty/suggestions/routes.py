"""Suggestions over the API."""

from __future__ import annotations

from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures.routes import routes

API = (routes(PROCEDURE, "/suggestions/{item_id}"),)
