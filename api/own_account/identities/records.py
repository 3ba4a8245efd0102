"""Forms of bound identities. Pure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Removed(BaseModel):
    """Which identity, and the password once more."""

    model_config = ConfigDict(extra="forbid")
    username: str = ""
    password: str = ""
    issuer: str = ""
    subject: str = ""
