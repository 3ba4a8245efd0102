"""The procedures of this platform's meetings and of the answers to them."""

from __future__ import annotations

from api.meetings.procedure import of_host
from api.platforms.duty.meetings.records import HOST

MEETINGS = of_host(HOST)
