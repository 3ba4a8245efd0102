"""What an account is, and the roles there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["deputy", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)
COOKIE = "qingyuan_session"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    username: str
    name: str
    role: Role
    area: str
    language: str = field(default="", compare=False)
    """Chosen by the person; empty: as the browser asks."""
