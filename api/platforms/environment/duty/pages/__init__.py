"""Pages of the duty calendar."""

from __future__ import annotations

from fastapi import APIRouter

from api.platforms.environment.duty.pages import changing, planning, seeing
from api.platforms.environment.duty.pages.desk import ADDRESS

router = APIRouter(include_in_schema=False)
for room in (seeing, planning, changing):
    router.include_router(room.router, prefix=ADDRESS)
