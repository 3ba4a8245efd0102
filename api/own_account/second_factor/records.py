"""Forms of the second factor. Pure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from api.web.forms import Typed


class Proof(BaseModel):
    """The password once more, and where a second factor is on, a code of it."""

    model_config = ConfigDict(extra="forbid")
    username: Typed = ""
    password: Typed = ""
    code: Typed = ""


class Finished(BaseModel):
    """A secret that was shown, sealed, and the code that came back."""

    model_config = ConfigDict(extra="forbid")
    pending: Typed = ""
    code: Typed = ""
