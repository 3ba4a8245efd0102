"""Forms of bound identities. Pure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from api.web.forms import Typed


class Removed(BaseModel):
    """Which identity, and the password once more."""

    model_config = ConfigDict(extra="forbid")
    username: Typed = ""
    password: Typed = ""
    issuer: Typed = ""
    subject: Typed = ""
